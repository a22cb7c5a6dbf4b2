"""The demo that journeys are played in: made once a run by whoever comes first, a copy for each worker's site."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local import programs
from infra.local.paths import ROOT
from tests import databases
from tests.databases import Database

SETTINGS = "steppe.boot.settings.dev"
WHOLE = Database("steppe_demo")  # nobody is connected to it once it is made


@contextmanager
def own_copy(data: Path) -> Iterator[Database]:
    """Its database, gone afterwards; its files are put into `data`."""
    place = _made_once()
    own = databases.copy(WHOLE, f"steppe_site_{os.getpid()}")
    try:
        shutil.copytree(place, data, dirs_exist_ok=True)
        yield own
    finally:
        own.drop()


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What a process of the site or of the demo gets; a clock runs out while the story is played."""
    own = {"STEPPE_DEMO_ACCEPT_MINUTES": "1", "DJANGO_SETTINGS_MODULE": SETTINGS}
    return {**os.environ, **programs.basics(), **own, **given}


def manage(env: Mapping[str, str], *words: str) -> str:
    """A management command, to its end; what it said, or a failure with it."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _made_once() -> Path:
    """Where its files are. Page files are collected by the way: every worker's site serves them from one folder."""
    run, place = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid())), ROOT / "build" / "demo"
    with (ROOT / "build" / "demo-of-run").open("a+") as told:
        fcntl.flock(told, fcntl.LOCK_EX)
        told.seek(0)
        if told.read() != run:
            _make(place)
            told.truncate(0)
            told.write(run)
    return place


def _make(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    databases.create(WHOLE)
    env = environment({"STEPPE_DATABASE_URL": WHOLE.url, "STEPPE_DATA_DIR": str(place)})
    for words in (("collectstatic", "--noinput", "-v", "0"), ("migrate_schemas", "--shared"), ("seed_demo",)):
        manage(env, *words)
