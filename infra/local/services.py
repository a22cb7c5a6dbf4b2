"""The outside parts: ours from the wheels, or the ordinary servers that the environment names."""

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from infra.local import keys, ports, postgres, valkey
from infra.local.output import Output, tail
from infra.local.paths import ROOT
from infra.local.supervisor import Child, Supervisor

PATIENCE = 60.0  # seconds; a data folder that needs crash recovery takes a while


Facts = dict[str, str]


def start(supervisor: Supervisor, data: Path, secrets: Facts, *, careless: bool = False) -> Facts:
    """PostgreSQL and Valkey, answering; returns the two addresses as environment variables."""
    database = _outside_database() or _own_database(supervisor, data, secrets, careless=careless)
    valkey_url = _outside_valkey() or _own_valkey(supervisor, data, secrets)
    return {"STEPPE_DATABASE_URL": database, "STEPPE_VALKEY_URL": valkey_url}


def _outside_database() -> str:
    address = os.environ.get("STEPPE_DATABASE_URL", "")
    if address:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError as refusal:
            raise SystemExit(f"The PostgreSQL of STEPPE_DATABASE_URL does not let us in: {refusal}") from None
    return address


def _outside_valkey() -> str:
    address = os.environ.get("STEPPE_VALKEY_URL", "")
    if address and not valkey.answers(address):
        raise SystemExit("STEPPE_VALKEY_URL is set, but nothing answers there.")
    return address


def _own_database(supervisor: Supervisor, data: Path, secrets: Facts, *, careless: bool) -> str:
    port, password = ports.any_free(), secrets["STEPPE_LOCAL_DATABASE_PASSWORD"]
    child = supervisor.start(postgres.program(data / "pg", port, password, careless=careless))
    _wait(child, lambda: postgres.answers(port, password), supervisor.output)
    return postgres.furnish(data / "pg", port, password)


def _own_valkey(supervisor: Supervisor, data: Path, secrets: Facts) -> str:
    port, password = ports.any_free(), secrets["STEPPE_LOCAL_VALKEY_PASSWORD"]
    address = valkey.url(port, password)
    child = supervisor.start(valkey.program(data / "valkey", port, password))
    _wait(child, lambda: valkey.answers(address), supervisor.output)
    return address


def _wait(child: Child, ready: Callable[[], bool], output: Output) -> None:
    """A server that ends before it answers has said why in its log."""
    until = time.monotonic() + PATIENCE
    while child.process.poll() is None and time.monotonic() < until:
        if ready():
            return
        time.sleep(0.05)
    name = child.program.name
    raise SystemExit(f"{name} did not start:\n{tail(output.logs / f'{name}.log')}")


@contextmanager
def temporary(*, careless: bool) -> Iterator[dict[str, str]]:
    """Services of one command's own, gone with it: the environment its children need."""
    # What is measured lies in the checkout: /tmp is memory on some machines, and fsync means nothing there.
    place = None if careless else ROOT / "build"
    with tempfile.TemporaryDirectory(prefix="steppe-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL may run as another user
        secrets = keys.load(folder)
        supervisor = Supervisor(Output(folder / "logs", terminal=io.StringIO()), folder / "pids.json")
        try:
            addresses = start(supervisor, folder, secrets, careless=careless)
            yield {**secrets, **addresses, "STEPPE_DATA_DIR": name}
        finally:
            supervisor.stop()
