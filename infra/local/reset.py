"""`make reset`: forget the demo's data, after asking."""

import shutil

from infra.local import run_lock
from infra.local.paths import data_dir

RUNNING = "Steppe is running (process {pid}): stop it first with Ctrl-C."


def reset(*, sure: bool) -> None:
    """Databases, uploads, logs, secrets: all of the data folder, and nothing else."""
    folder = data_dir()
    if not folder.exists():
        print("There is no data to forget.")
        return
    with run_lock.hold(RUNNING):
        if sure or input(f"Delete {folder} with the whole demo? [y/N] ").strip().lower() in {"y", "yes"}:
            shutil.rmtree(folder)
            print("Forgotten. The next make up starts afresh.")
        else:
            print("Nothing was deleted.")
