"""The processes that are measured, started as the product starts them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from infra.local import ports, probe, programs

Process = subprocess.Popen[bytes]


@contextmanager
def bare() -> Iterator[tuple[int, Process]]:
    """The calibration: port and process."""
    port = ports.any_free()
    command = ["gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", "tests.bench.bare:application"]
    with _process(command, lambda: probe.page_answers(port, "localhost", "/bare")) as server:
        yield port, server


@contextmanager
def web() -> Iterator[Process]:
    """Every HTTP page and API, on STEPPE_WEB_PORT."""
    port = os.environ["STEPPE_WEB_PORT"]
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port, *programs.WEB]
    command += ["--log-level", "warning", "steppe.boot.wsgi:application"]
    with _process(command, lambda: probe.page_answers(int(port), "localhost", "/livez")) as server:
        yield server


@contextmanager
def realtime() -> Iterator[Process]:
    """The sockets, on STEPPE_REALTIME_PORT."""
    port = os.environ["STEPPE_REALTIME_PORT"]
    command = ["daphne", "-b", "127.0.0.1", "-p", port, "steppe.boot.asgi:application"]
    with _process(command, lambda: probe.listens(int(port))) as server:
        yield server


@contextmanager
def relay() -> Iterator[Process]:
    """The sequencer; `settled` says when it has nothing left to do."""
    with _process(["django", "relay"], lambda: True) as server:
        yield server


def postgres_pid() -> int:
    """The server's first process, asked of the server itself."""
    with psycopg.connect(os.environ["STEPPE_DATABASE_URL"]) as connection:
        backend = connection.info.backend_pid
        return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def _process(command: Sequence[str], ready: Callable[[], bool]) -> Iterator[Process]:
    log = Path(os.environ["STEPPE_DATA_DIR"]) / f"bench-{command[0]}.log"
    with log.open("wb") as file:
        server = subprocess.Popen([sys.executable, "-m", *command], stdout=file, stderr=subprocess.STDOUT)
    try:
        if not probe.wait_for(ready, seconds=60):
            raise SystemExit(f"{command[0]} did not start:\n{log.read_text()[-3000:]}")
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)
