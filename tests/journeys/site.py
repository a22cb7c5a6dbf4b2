"""The whole product running for real, as `make up` runs it, with services, ports and a demo of its own."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local import probe, programs, services, stack
from infra.local.paths import ROOT
from infra.local.supervisor import Child, Supervisor

PASSWORD = "steppe-demo-2026"
OUTSIDE = ("STEPPE_DATABASE_URL", "STEPPE_VALKEY_URL")


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
        return manage(self.env, *words)

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")


@contextmanager
def running() -> Iterator[Site]:
    """Services of its own, the demo, every process; all stopped in order afterwards."""
    with own_services() as own:
        env = {**os.environ, **own, **programs.basics(), "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.dev"}
        env["STEPPE_DEMO_ACCEPT_MINUTES"] = "1"  # so that a clock runs out while the story is played
        collect_once(env)
        for words in (("migrate_schemas", "--shared"), ("seed_demo",)):
            manage(env, *words)
        folder = Path(own["STEPPE_DATA_DIR"]) / "site"
        folder.mkdir()
        with stack.running({**own, "DJANGO_SETTINGS_MODULE": env["DJANGO_SETTINGS_MODULE"]}, folder=folder) as (
            more,
            supervisor,
        ):
            site = Site({**env, **more}, supervisor, folder / "logs")
            site.manage("introduce_sandbox")
            yield site


def collect_once(env: Mapping[str, str]) -> None:
    """The page files are collected once a run: every worker's site serves them from the same folder."""
    run, told = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid())), ROOT / "build" / "collected-in-run"
    with told.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if file.read() != run:
            manage(env, "collectstatic", "--noinput", "-v", "0")
            file.truncate(0)
            file.write(run)


@contextmanager
def own_services() -> Iterator[dict[str, str]]:
    """Servers of its own, also where the environment names some: a site's broker and events are nobody else's."""
    named = {name: os.environ.pop(name) for name in OUTSIDE if name in os.environ}
    try:
        with services.temporary(careless=True) as own:
            os.environ.update(named)
            yield own
    finally:
        os.environ.update(named)


def manage(env: Mapping[str, str], *words: str) -> str:
    """A management command, to its end; what it said, or a failure with it."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def until(condition: object, *, seconds: float = 10, what: str = "") -> None:
    """Wait for something real to happen, politely."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {what}")
