"""`python -m infra.local COMMAND`: what the Makefile calls. Each command loads only what it needs.

up test lint bench nightly pushes sandbox reset addresses: as in `make help`.
manage ARGUMENTS: a management command against the demo that runs in another window.
anything COMMAND: any command with a PostgreSQL and a Valkey of its own.
"""

import json
import os
import subprocess
import sys


def main(command: str = "", *arguments: str) -> int | None:
    """The command's exit code."""
    match command:
        case "up":
            from infra.local.up import up

            up()
        case "test" | "bench" | "nightly" | "pushes" | "anything":
            from infra.local import run_tests

            return int(getattr(run_tests, command)(arguments))
        case "lint" | "lint-inside":
            from infra.local import lint

            return lint.lint() if command == "lint" else lint.lint_inside()
        case "check-scripts":
            from infra.local import assets

            return assets.check_own_scripts()
        case _:
            return _small(command, *arguments)
    return None


def _small(command: str, *arguments: str) -> int | None:
    match command:
        case "sandbox":
            from infra.local.alone import sandbox

            sandbox()
        case "reset":
            from infra.local.reset import reset

            reset(sure="--yes" in arguments)
        case "addresses":
            from infra.local import paths, table

            table.show(paths.data_dir())
        case "manage":
            return _manage(*arguments)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return None


def _manage(*arguments: str) -> int:
    """A management command against the demo that runs in another window."""
    from infra.local.paths import run_dir
    from infra.local.steps import manage

    facts = run_dir() / "environment.json"
    if not facts.exists():
        raise SystemExit("No demo has run here yet: make up")
    env = {**os.environ, **json.loads(facts.read_text())}
    return subprocess.run(manage(*arguments), env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
