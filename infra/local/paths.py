"""Where things lie: the checkout, and the one ignored folder that holds everything a run writes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "build" / "static" / "vendor"


def data_dir() -> Path:
    """`.data/` or STEPPE_DATA_DIR: PostgreSQL's files, uploads, logs, and run/ (ports, secrets, pids)."""
    return Path(os.environ.get("STEPPE_DATA_DIR") or ROOT / ".data").resolve()


def run_dir() -> Path:
    """Small facts about the running demo; readable by its owner alone, for it holds secrets."""
    folder = data_dir() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
