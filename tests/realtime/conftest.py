"""A stage of real processes: a database and a Valkey of its own, daphne, one relay."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers
from django.conf import settings
from django.db import connection

from apps.people.models import Technician
from steppe.kernel import wake
from steppe.kernel.journal import backlog, stream
from tenants.context import in_branch
from tests import databases
from tests.cast import Branch
from tests.databases import Database
from tests.realtime import processes
from tests.realtime.processes import Process, Valkey
from tests.realtime.screen import Screen, cookie_of


@dataclass
class Stage:
    """What the live tests play on."""

    database: Database
    valkey: Valkey
    logs: Path
    port: int = field(default_factory=processes.free_port)
    running: list[Process] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        return {"STEPPE_DATABASE_URL": self.database.url, "STEPPE_VALKEY_URL": self.valkey.url}

    def relay(self) -> Process:
        return self._run(processes.relay(self.env, self.logs)).wait_for("relay is well")

    def realtime(self) -> Process:
        return self._run(processes.realtime(self.env, self.port, self.logs)).wait_for("Listening on TCP")

    def screen(self, branch: Branch, who: str, **more: Any) -> Screen:
        """A signed-in person's socket, ready after its hello."""
        more.setdefault("cookie", cookie_of(branch, who))
        self.screens.append(Screen(self.port, branch.host, **more))
        return self.screens[-1]

    def head(self, branch: Branch) -> int:
        with in_branch(branch.tenant):
            return stream.head().seq

    def wait_until_numbered(self, branch: Branch) -> int:
        """Until every committed event has its number; returns the head."""
        with in_branch(branch.tenant):
            processes.eventually(lambda: not backlog.look().unnumbered, "everything has its number")
        return self.head(branch)

    def _run(self, process: Process) -> Process:
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            process.stop()
        self.valkey.stop()


@pytest.fixture(scope="package")
def _stage(
    template: Database, worker: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Stage]:
    """Made once; most tests only add screens and commands."""
    logs = tmp_path_factory.mktemp("live")
    with django_db_blocker.unblock():
        database = databases.copy(template, f"steppe_{worker}_live")
    made = Stage(database, Valkey(logs), logs)
    try:
        made.realtime()
        made.relay()
        yield made
    finally:
        made.end()
        with django_db_blocker.unblock():
            database.drop()


@pytest.fixture
def stage(
    _stage: Stage, lotus: Branch, django_db_setup: Database, django_db_blocker: Any, monkeypatch: Any
) -> Iterator[Stage]:
    """The common stage; this process's commands commit there and its hints go to its Valkey."""
    with django_db_blocker.unblock():
        for ready in _playing(_stage, django_db_setup, monkeypatch):
            with in_branch(lotus.tenant):  # what earlier tests left open must not fill anybody's hands
                Technician.objects.update(cap=1000)
            yield ready


@pytest.fixture
def own_stage(
    committed: Database, tmp_path: Path, django_db_setup: Database, django_db_blocker: Any, monkeypatch: Any
) -> Iterator[Stage]:
    """An empty stage for tests that break things: a database and a Valkey, no process yet."""
    made = Stage(committed, Valkey(tmp_path), tmp_path)
    with django_db_blocker.unblock():
        yield from _playing(made, django_db_setup, monkeypatch)
    made.end()


def _playing(stage: Stage, after: Database, monkeypatch: Any) -> Iterator[Stage]:
    layer = {**settings.CHANNEL_LAYERS["default"]["CONFIG"], "hosts": [f"{stage.valkey.url}/1"], "prefix": "steppe"}
    monkeypatch.setitem(settings.CHANNEL_LAYERS["default"], "CONFIG", layer)
    monkeypatch.setattr(settings, "STEPPE_VALKEY_URL", stage.valkey.url)
    wake.client.cache_clear()
    channel_layers.backends.clear()
    stage.database.use()
    connection.set_schema_to_public()
    yield stage
    for screen in stage.screens:
        screen.close()
    stage.screens.clear()
    wake.client.cache_clear()
    channel_layers.backends.clear()
    after.use()
