"""`make pushes`: 2,000 cards while WeChat, WeCom and the SMS gateway fail; a report and build/pushes.json.

The code is 1 if a promise was broken. ARGS="--count 500 --rate 0.4 --seed 7 --processes 3".
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """A database, a sandbox and a branch of the run's own."""
    from tests.bench.scratch import fresh_database
    from tests.realtime.processes import free_port
    from tests.sandbox.served import serving

    given = _given()
    fresh_database("steppe_pushes")
    with serving() as root:
        env = {"database": os.environ["STEPPE_DATABASE_URL"], "root": root, "port": free_port()}
        return _play(given, env)


def _given() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="make pushes")
    options.add_argument("--count", type=int, default=2000, help="cards that are decided at least")
    options.add_argument("--rate", type=float, default=0.2, help="share of the calls that goes wrong")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=2, help="worker processes")
    return options.parse_args()


def _play(given: argparse.Namespace, where: dict[str, Any]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.test")
    os.environ.update(_environment(where))

    import django

    django.setup()
    from tenants.context import in_branch
    from tests.faults import stage, told
    from tests.faults.branch import make
    from tests.faults.run import Plan
    from tests.wechat.stand import Sandbox

    plan = Plan(given.count, given.rate, given.seed)
    with in_branch(make()):
        found = stage.play(
            plan, Sandbox(where["root"]), port=where["port"], env=_environment(where), processes=given.processes
        )  # fmt: skip
    told.print_report(found, plan)
    told.write(found, plan, Path("build/pushes.json"))
    return 1 if any(found.broken.values()) else 0


def _environment(where: dict[str, Any]) -> dict[str, str]:
    from tests.faults.crew import environment

    return environment(**where)


if __name__ == "__main__":
    sys.exit(main())
