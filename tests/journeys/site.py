"""The whole product running for real, as `make up` runs it, with services, ports and a demo of its own."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local import ports, probe, programs, services
from infra.local.output import Output
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

    def control(self, path: str, **body: object) -> httpx.Response:
        """A word to the sandbox's control API."""
        return httpx.post(f"{self.sandbox}/_sandbox/{path}", json=body, timeout=5)

    def manage(self, *words: str) -> str:
        """A management command in the site's own environment."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=dict(self.env), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")


@contextmanager
def running(environment: Mapping[str, str]) -> Iterator[Site]:
    """Start everything, wait for the first page and the sandbox, stop everything in order."""
    with own_services() as own:
        chosen = {name: ports.any_free() for name in ports.USUAL}
        secrets = {name: own[name] for name in ("STEPPE_SECRET_KEY", "STEPPE_FIELD_KEY")}
        env = {**environment, **programs.environment(chosen, own, secrets), **own, **programs.basics()}
        env["DJANGO_SETTINGS_MODULE"] = "steppe.boot.settings.dev"
        env["STEPPE_WECHAT_ROOT"] = env["STEPPE_WECHAT_OPEN_ROOT"] = f"http://localhost:{chosen['sandbox']}"
        env["STEPPE_JSSDK_URL"] = f"{env['STEPPE_WECHAT_ROOT']}/open/js/jweixin-1.6.0.js"
        logs = Path(own["STEPPE_DATA_DIR"]) / "site-logs"
        supervisor = Supervisor(Output(logs, terminal=io.StringIO()), Path(own["STEPPE_DATA_DIR"]) / "site.json")
        site = Site(env, supervisor, logs)
        try:
            _start(site)
            yield site
        finally:
            supervisor.stop()


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


def _start(site: Site) -> None:
    site.manage("migrate_schemas", "--shared")
    site.manage("seed_demo")
    site.manage("collectstatic", "--noinput", "-v", "0")
    for program in [programs.sandbox(site.env), *programs.product(site.env)]:
        site.supervisor.start(program)
    web, sandbox = int(site.env["STEPPE_WEB_PORT"]), int(site.env["STEPPE_SANDBOX_PORT"])
    assert probe.wait_for(lambda: probe.page_answers(web, "hq.localhost"), seconds=60), site.log("web")
    assert probe.wait_for(lambda: probe.page_answers(sandbox, "localhost", "/phone"), seconds=30), site.log("sandbox")
    site.manage("introduce_sandbox")


def until(condition: object, *, seconds: float = 10, what: str = "") -> None:
    """Wait for something real to happen, politely."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {what}")
