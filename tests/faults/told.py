"""The report, for the screen and as JSON."""

import json
import os
from pathlib import Path
from typing import Any

from tests.faults.judge import EXAMPLES, Findings
from tests.faults.run import Plan

WIDTH = 52


def print_report(found: Findings, plan: Plan) -> None:
    """Figures first, then each promise with those who broke it."""
    print(f"\n{plan.count} pushes, {plan.rate:.0%} of the calls spoiled, seed {plan.seed}")
    for name, value in found.figures.items():
        _print(name, value)
    print()
    for name, offenders in found.broken.items():
        print(f"{'BROKEN' if offenders else 'kept':<8}{name:<{WIDTH}}{len(offenders):>6}")
        for one in offenders[:EXAMPLES]:
            print(f"          {one}")


def write(found: Findings, plan: Plan, path: Path) -> None:
    """The same for machines."""
    told = {"plan": vars(plan), "load": os.getloadavg(), "figures": found.figures, "broken": found.broken}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False))


def _print(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        print(f"{name:<{WIDTH}}{value!s:>14}")
        return
    print(name)
    for part, number in value.items():
        print(f"    {part:<{WIDTH - 4}}{number!s:>14}")
