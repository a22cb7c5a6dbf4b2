"""The whole product running for real, as `make up` runs it, with a broker, ports and a demo of its own."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local import probe, services, stack
from infra.local.supervisor import Child, Supervisor
from tests.journeys import demo

PASSWORD = "steppe-demo-2026"


@dataclass
class Site:
    """Addresses of the running product, and a hand on its processes."""

    env: Mapping[str, str]
    supervisor: Supervisor
    logs: Path

    def url(self, slug: str, path: str = "/") -> str:
        return f"http://{slug}.localhost:{self.env['STEPPE_WEB_PORT']}{path}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.env['STEPPE_SANDBOX_PORT']}"

    def child(self, name: str) -> Child:
        """One of the processes, to be killed by a test."""
        return next(child for child in self.supervisor.children if child.program.name == name)

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """One process is killed and stays dead within the block; then its supervisor brings it back."""
        process = self.child(name).process
        process.kill()
        process.wait()
        try:
            yield
        finally:
            until(lambda: self._is_back(name), seconds=40, what=f"{name} is back")

    def _is_back(self, name: str) -> bool:
        self.supervisor.look()
        return probe.listens(int(self.env[f"STEPPE_{name.upper()}_PORT"]))

    def control(self, path: str, **body: object) -> httpx.Response:
        """A word to the sandbox's control API."""
        return httpx.post(f"{self.sandbox}/_sandbox/{path}", json=body, timeout=5)

    def manage(self, *words: str) -> str:
        """A management command in the site's own environment."""
        return demo.manage(self.env, *words)

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")


@contextmanager
def running() -> Iterator[Site]:
    """A demo and a Valkey of its own, every process; all stopped in order afterwards."""
    with own_valkey() as own, demo.own_copy(Path(own["STEPPE_DATA_DIR"])) as database:
        given = {**own, "STEPPE_DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": demo.SETTINGS}
        folder = Path(own["STEPPE_DATA_DIR"]) / "site"
        folder.mkdir()
        with stack.running(given, folder=folder) as (more, supervisor):
            site = Site({**demo.environment(given), **more}, supervisor, folder / "logs")
            site.manage("introduce_sandbox")
            yield site


@contextmanager
def own_valkey() -> Iterator[dict[str, str]]:
    """One of its own, also where the environment names one: a site's broker and events are nobody else's."""
    named = os.environ.pop("STEPPE_VALKEY_URL", "")
    try:
        with services.temporary(careless=True) as own:
            os.environ["STEPPE_VALKEY_URL"] = named
            yield own
    finally:
        os.environ["STEPPE_VALKEY_URL"] = named


def until(condition: object, *, seconds: float = 10, what: str = "") -> None:
    """Wait for something real to happen, politely."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {what}")
