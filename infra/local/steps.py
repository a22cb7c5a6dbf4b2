"""The setup's steps: what is being done, how long it took, and its own words only when it fails."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from infra.local.paths import ROOT


@contextmanager
def step(words: str) -> Iterator[None]:
    """A line before, a line after."""
    print(f"  ..  {words}", flush=True)
    began = time.monotonic()
    yield
    print(f"  ok  {words}: {time.monotonic() - began:.1f} s", flush=True)


def run(command: Sequence[str], env: Mapping[str, str], *, meanwhile: Callable[[], None], show: bool = False) -> None:
    """One command to its end; `meanwhile` keeps an eye on the services beneath it."""
    out: Any = {} if show else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    everything = {**os.environ, **env}
    with subprocess.Popen(command, cwd=ROOT, env=everything, stdin=subprocess.DEVNULL, **out) as process:
        try:
            said = _wait(process, meanwhile)
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed (exit {process.returncode}):\n{said}")


def _wait(process: "subprocess.Popen[bytes]", meanwhile: Callable[[], None]) -> str:
    while True:
        try:
            said, _ = process.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            meanwhile()
        else:
            return (said or b"").decode(errors="replace")


def manage(*arguments: str) -> list[str]:
    """A management command of the product."""
    return [sys.executable, "manage.py", *arguments]
