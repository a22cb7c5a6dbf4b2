"""`make lint`: all that is judged without running the product. All of it runs, then failures are named."""

import subprocess
import sys
import time
from pathlib import Path

from infra.local.run_tests import anything

BIN = Path(sys.executable).parent
CHECKS = {
    "ruff: mistakes": [str(BIN / "ruff"), "check"],
    "ruff: layout": [str(BIN / "ruff"), "format", "--check"],
    "types": [sys.executable, "-m", "mypy"],
    "order of the rooms": [str(BIN / "lint-imports")],
    "migrations follow the models": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "-m", "infra.local.messages", "--check"],
    "scripts for old phones": [sys.executable, "-m", "infra.local", "check-scripts"],
}


def lint() -> int:
    """Runs inside one set of services: the migration check asks the database."""
    return anything([sys.executable, "-m", "infra.local", "lint-inside"])


def lint_inside() -> int:
    """Exit code 1 when any check failed."""
    failed = []
    for name, command in CHECKS.items():
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"   {time.monotonic() - began:.1f} s", flush=True)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\neverything in order")
    return 1 if failed else 0
