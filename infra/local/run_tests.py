"""`make test`, `bench`, `nightly`, `pushes`: a command with PostgreSQL and Valkey of its own, gone when it ends."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from infra.local import assets, messages, postgres, programs, services
from infra.local.paths import ROOT
from infra.local.steps import step

JOURNEYS = "tests/journeys"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOT_RUN = """
################################################################################
##  BROWSER JOURNEYS NOT RUN: no Chromium on this machine.                    ##
##  They did not pass, nobody tried them. `make browser` installs Chromium;   ##
##  or set STEPPE_CHROMIUM to the path of one.                                ##
################################################################################
"""


def test(arguments: Sequence[str]) -> int:
    """pytest; without a browser the journeys are said to be not run, before and after."""
    chromium = find_chromium()
    if not chromium:
        print(NOT_RUN, flush=True)
    code = with_services(runs(arguments, chromium), {"STEPPE_CHROMIUM": chromium}, careless=True)
    if not chromium:
        print(NOT_RUN, flush=True)
    return code


def runs(arguments: Sequence[str], chromium: str) -> list[list[str]]:
    """One run of what was asked for; of everything, first the rest, then the journeys, which wait for seconds and
    should not wait for other tests. Three workers on two cores: many tests wait, for a process or for a lock. A worker
    of the journeys runs the product for itself, so there are two, and each takes file after file, as they are named:
    those with many tests are not the long ones.
    """
    if arguments:
        return [_pytest("2", "loadgroup", *arguments)]
    journeys = [_pytest("2", "loadfile", "--no-loadscope-reorder", JOURNEYS)] if chromium else []
    return [_pytest("3", "loadgroup", "--ignore", JOURNEYS), *journeys]


def _pytest(workers: str, share: str, *more: str) -> list[str]:
    workers = os.environ.get("STEPPE_TEST_WORKERS") or workers
    return [sys.executable, "-m", "pytest", "-n", workers, "--dist", share, *more]


def bench(arguments: Sequence[str]) -> int:
    """The measurements of architecture.md section 8, with fsync on."""
    return with_services([[sys.executable, "-m", "tests.bench", *arguments]], {}, careless=False)


def nightly(arguments: Sequence[str]) -> int:
    """Long property, race and fault runs, with fsync on; `--minutes N`."""
    return with_services([[sys.executable, "-m", "tests.nightly", *arguments]], {}, careless=False)


def pushes(arguments: Sequence[str]) -> int:
    """Many cards while everything outside fails, with fsync on; `--count N --rate R --seed N --processes N`."""
    return with_services([[sys.executable, "-m", "tests.faults", *arguments]], {}, careless=False)


def anything(arguments: Sequence[str]) -> int:
    """Any command with services of its own, careless of power cuts."""
    return with_services([list(arguments)], {}, careless=True)


def with_services(commands: Sequence[Sequence[str]], more: Mapping[str, str], *, careless: bool) -> int:
    """The worst exit code of these commands, run one after the other with the same services: what the first has made
    (the tests' template) serves the next. What they need beside the services is made before: words and page assets.
    """
    (ROOT / "build").mkdir(exist_ok=True)
    messages.compile_all()
    if not assets.is_current():
        with step("page assets"):
            assets.ensure()
    with services.temporary(careless=careless) as env:
        given = environment({**env, **more})
        return max(subprocess.run(command, cwd=ROOT, env=given, check=False).returncode for command in commands)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What tests may rely on. An empty STEPPE_CHROMIUM means: there is none."""
    found = {} if os.environ.get("STEPPE_DATABASE_URL") else {"STEPPE_PG_BIN": str(postgres.binaries())}
    return {**os.environ, **found, **given, **programs.basics()}


def find_chromium() -> str:
    """The browser that the journeys drive, or nothing."""
    named = os.environ.get("STEPPE_CHROMIUM")
    if named is not None:
        return named
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")
