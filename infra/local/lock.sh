#!/usr/bin/env bash
# Locks without addresses: names, versions and hashes only, so that any mirror serves them.
# ARGUMENTS are passed on, for instance --upgrade or --upgrade-package django.
set -euo pipefail
cd "$(dirname "$0")/../.."

compile() { # target, source, options
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" --output-file "requirements/$1.txt" "${@:2}"
}
compile runtime pyproject.toml "$@"
compile dev pyproject.toml --extra dev --constraint requirements/runtime.txt "$@"
compile installer requirements/installer.in "$@"
(cd frontend && npm install --package-lock-only --ignore-scripts)
