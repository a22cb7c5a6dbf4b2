"""`make pushes` at night, each time from another seed: cards, failures, and no promise broken."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PUSHES = int(os.environ.get("STEPPE_NIGHTLY_PUSHES") or 2000)  # some minutes


def through_failures(made: Any, seed: int) -> tuple[int, int]:
    """Cards that were decided, and promises that did not hold; a run that came to no end is one too."""
    written = Path("build/pushes.json")
    written.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.faults", "--count", str(PUSHES), "--seed", str(seed)]
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    if not written.exists():
        return PUSHES, 1
    told = json.loads(written.read_text())
    broken = [name for name, offenders in told["broken"].items() if offenders]
    if broken:
        print(f"seed {seed}: {', '.join(broken)}", flush=True)
    return int(told["figures"]["pushes decided"]), max(len(broken), int(code != 0))
