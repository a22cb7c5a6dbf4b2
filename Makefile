# What everybody types. How it works: docs/running.md
PYTHON ?= python3
ARGS ?=
MINUTES ?= 60
RUNTIME := $(PYTHON) infra/local/bootstrap.py runtime
DEV := $(PYTHON) infra/local/bootstrap.py dev

.PHONY: help up test lint bench nightly pushes sandbox addresses reset browser messages lock
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

up: ## set up and run everything, embedded, with the demo (Ctrl-C stops it)
	@$(RUNTIME) up

test: ## every test, with services of its own (ARGS="tests/tickets -k grab" for a part)
	@$(DEV) test $(ARGS)

lint: ## ruff, types, import contracts, migration drift, translations
	@$(DEV) lint

bench: ## the measurements; a table and build/bench.json
	@$(DEV) bench $(ARGS)

nightly: ## long property, race and fault runs (MINUTES=60); a table and build/nightly.json
	@$(DEV) nightly --minutes $(MINUTES) $(ARGS)

pushes: ## 2,000 cards while the stand-ins for WeChat, WeCom and SMS fail; a report and build/pushes.json
	@$(DEV) pushes $(ARGS)

sandbox: ## the WeChat stand-in alone
	@$(RUNTIME) sandbox

addresses: ## the running demo's addresses and sign-ins once more
	@$(RUNTIME) addresses

reset: ## forget the demo's data, after asking (YES=1 does not ask)
	@$(RUNTIME) reset $(if $(YES),--yes)

browser: ## install Chromium and a Chinese font for the browser journeys (Debian, Ubuntu)
	@$(PYTHON) infra/local/browser.py

messages: ## bring locale/ up to date with the code, then compile it
	@$(DEV)
	@.venv/bin/python -m infra.local.messages --extract

lock: ## compile requirements/ from pyproject.toml and frontend/package-lock.json from package.json
	@$(DEV)
	@PATH="$(CURDIR)/.venv/bin:$$PATH" infra/local/lock.sh
