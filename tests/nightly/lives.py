"""The random lives of `make test`, many more of them, each night from another seed."""

import os
import subprocess
import sys
from typing import Any

EXAMPLES = 100  # about half a minute


def lives(made: Any, seed: int) -> tuple[int, int]:
    """Random histories of one ticket: states, history, counters and refusals are what the table says."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
    env = {**os.environ, "STEPPE_EXAMPLES": str(EXAMPLES), "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test"}
    done = subprocess.run(
        [*command, "tests/tickets/test_life.py"], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout[-4000:], flush=True)
    return EXAMPLES, int(done.returncode != 0)
