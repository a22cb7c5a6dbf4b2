"""`make nightly MINUTES=60`: races, the stream, killed processes and failing neighbours, for as long as there is time.

Prints one line per run and writes build/nightly.json. Zero violations in n tries says "< 3/n at 95 %".
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.test")


@dataclass
class Row:
    """One kind of run: how much was tried, how often a promise was broken, the last seed."""

    name: str
    tried: int = 0
    violations: int = 0
    seed: int = 0


def main() -> int:
    """Round robin over the runs until the time is up; at least one round of each."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--seed", type=int, default=random.randrange(2**31))
    given = options.parse_args()

    from tests.bench.scratch import fresh_database

    fresh_database("steppe_nightly")

    import django

    django.setup()
    from tests.bench import world

    made = world.build("nightly", pooled=0)
    rows = _rounds(made, given.minutes * 60, given.seed)
    Path("build").mkdir(exist_ok=True)
    Path("build/nightly.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 1 if any(row.violations for row in rows) else 0


def _rounds(made: object, seconds: float, seed: int) -> list[Row]:
    from tests.nightly import kills, lives, pushes, races

    runs: dict[str, Callable[[object, int], tuple[int, int]]] = {
        "two tap at once: one winner, caps hold": races.grabs,
        "the stream is dense and in order under many writers": races.stream,
        "a key replayed in parallel has one effect": races.replays,
        "a ticket's random life keeps to the table": lives.lives,
        "a branch's random day leaves all books in agreement": lives.days,
        "kill -9 of web, relay, worker: nothing acknowledged is lost": kills.under_load,
        "a fifth of the calls fails: one card each, or a reason": pushes.through_failures,
    }
    rows = {name: Row(name) for name in runs}
    until = time.monotonic() + seconds
    while time.monotonic() < until or any(not row.tried for row in rows.values()):
        for name, run in runs.items():
            seed += 1
            tried, broken = run(made, seed)
            row = rows[name]
            row.tried, row.violations, row.seed = row.tried + tried, row.violations + broken, seed
            _print([row])  # at once: a later run that breaks off must not take this one's word with it
        _print(list(rows.values()))
    return list(rows.values())


def _print(rows: list[Row]) -> None:
    for row in rows:
        print(f"{row.name:<62} tried {row.tried:>8}  violations {row.violations:>3}  seed {row.seed}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
