"""From nothing to the first page: a copy of the tree, `make up` in it, packages already on this machine."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from infra.local.paths import ROOT
from infra.local.supervisor import kill_group
from tests.bench.report import Report

SAID = re.compile(r"first page after ([\d.]+) s")
PATIENCE = 300.0


def measure(report: Report) -> None:
    """No virtual environment, no data, no page assets; only the installers' caches are warm."""
    folder = ROOT / "build" / "bench-first-page"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _copy(folder / "tree")
        report.add("from nothing to the first page (make up)", _up(folder), "s", most=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(target: Path) -> None:
    """What a clone would hold, and what is not committed yet."""
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT)
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _up(folder: Path) -> float:
    """The seconds that `make up` itself names, counted from its first line on."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("STEPPE_", "PYTHON", "DJANGO_"))}
    env |= {"STEPPE_DATA_DIR": str(folder / "data")}
    log = folder / "up.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["make", "up"], cwd=folder / "tree", env=env, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        return _seconds(process, log)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)


def _seconds(process: "subprocess.Popen[bytes]", log: Path) -> float:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if found := SAID.search(log.read_text(errors="replace")):
            return float(found[1])
        time.sleep(0.2)
    raise SystemExit(f"make up gave no page:\n{log.read_text(errors='replace')[-3000:]}")
