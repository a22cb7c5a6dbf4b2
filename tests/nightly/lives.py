"""The random lives and days of `make test`, many more of them, each night from another seed."""

import os
import subprocess
import sys
from typing import Any

LIVES = 100  # about half a minute
DAYS = int(os.environ.get("STEPPE_NIGHTLY_DAYS") or 100)  # about a minute
AT_ONCE = 2  # processes that live days beside each other


def lives(made: Any, seed: int) -> tuple[int, int]:
    """Random histories of one ticket: states, history, counters and refusals are what the table says."""
    return LIVES, _broken([_start("tests/tickets/test_life.py", LIVES, seed)])


def days(made: Any, seed: int) -> tuple[int, int]:
    """Random days of a branch: counters, dues, histories, stream and lists agree after every step."""
    share = -(-DAYS // AT_ONCE)
    test = "tests/tickets/test_day_by_chance.py"
    return share * AT_ONCE, _broken([_start(test, share, seed + number) for number in range(AT_ONCE)])


def _start(test: str, examples: int, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
    env = {**os.environ, "STEPPE_EXAMPLES": str(examples), "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test"}
    return subprocess.Popen([*command, test], env=env, stdout=subprocess.PIPE, text=True)


def _broken(running: "list[subprocess.Popen[str]]") -> int:
    """How many of them found a promise broken; what they said is printed."""
    found = 0
    for process in running:
        said, _ = process.communicate()
        if process.returncode:
            found += 1
            print(said[-4000:], flush=True)
    return found
