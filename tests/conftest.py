"""The ground every test stands on. People: tests/cast.py. Makers: tests/make.py. Databases: tests/databases.py.

    def test_a_rule(lotus_db, lin):                      # in Lotus's schema, rolled back afterwards
        ticket = make_ticket(status="accepted")
    def test_a_page(lotus_db, lotus, lin):
        response = client_at(lotus, lin).get("/console/")
    def test_two_at_once(committed, lotus):              # a database of its own: real commits, real threads
        with in_branch(lotus.tenant): ...
        committed.url                                    # STEPPE_DATABASE_URL for a process of its own

`db` (pytest-django) also works and stands in `public`. Services come from STEPPE_DATABASE_URL and
STEPPE_VALKEY_URL (`make test` starts both). The network is cut: only this machine can be reached.
"""

import copy as copies
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import override_settings
from django.utils import translation

from steppe.kernel.actors import Actor
from tenants import hosts
from tenants.context import in_branch
from tests import cast, databases
from tests.cast import Branch
from tests.databases import Database, Filled


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """This worker's own prefix for everything that is shared between workers and runs."""
    return f"{getattr(request.config, 'workerinput', {}).get('workerid', 'gw')}_{os.getpid()}"


@pytest.fixture(scope="session")
def template(django_test_environment: None, django_db_blocker: Any) -> Database:
    """The database all others are copied from."""
    with django_db_blocker.unblock():
        return databases.template(cast.fill)


@pytest.fixture(scope="session")
def django_db_setup(template: Database, worker: str, django_db_blocker: Any) -> Iterator[Database]:
    """In place of pytest-django's: this worker's copy of the template, dropped at the end."""
    with django_db_blocker.unblock():
        database = databases.copy(template, f"steppe_{worker}")
        database.use()
    yield database
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop()


@pytest.fixture(scope="session", autouse=True)
def own_places(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files and channel groups of this worker only: ids of branches are the same in all workers' databases."""
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"steppe-{worker}"
    stores = copies.deepcopy(settings.STORAGES)
    stores["default"]["OPTIONS"]["location"] = str(tmp_path_factory.mktemp("files"))
    with override_settings(STORAGES=stores):
        yield


@pytest.fixture(scope="session")
def _world(django_db_setup: Database, django_db_blocker: Any) -> dict[str, Branch]:
    with django_db_blocker.unblock():
        found = {"lotus": cast.load("lotus"), "maple": cast.load("maple"), "hq": cast.load_headquarters()}
        connections.close_all()
    return found


@pytest.fixture(autouse=True)
def _nothing_remembered(own_places: None, worker: str) -> Iterator[None]:
    """What lives in memory or cache longer than a test: known hosts, counts such as reports of one network, and the
    language of the last page somebody read.
    """
    translation.deactivate()
    hosts.forget()
    settings.CACHES["default"]["KEY_PREFIX"] = f"{worker}-{next(TESTS)}"
    close_caches()
    yield
    hosts.forget()


TESTS = count()


def close_caches() -> None:
    """The next use of the cache reads its settings anew."""
    for known in caches.all(initialized_only=True):
        known.close()
    with suppress(AttributeError):
        del caches["default"]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine: a test that rings a stranger is red."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ALLOWED:
            raise RuntimeError(f"a test called {address}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


ALLOWED = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture
def lotus(_world: dict[str, Branch]) -> Branch:
    """The branch most stories play in."""
    return _fresh(_world["lotus"])


@pytest.fixture
def maple(_world: dict[str, Branch]) -> Branch:
    """The other branch: same ids, same user names, same phones."""
    return _fresh(_world["maple"])


@pytest.fixture
def headquarters(_world: dict[str, Branch]) -> Branch:
    """The public site; `headquarters.hq` administers, `headquarters.eye` only looks."""
    return _fresh(_world["hq"])


def _fresh(branch: Branch) -> Branch:
    """A copy, so that a test may change the tenant's policy in memory."""
    return replace(branch, tenant=copies.deepcopy(branch.tenant))


@pytest.fixture
def lotus_db(db: None, lotus: Branch) -> Iterator[Branch]:
    """Inside Lotus, in a transaction that is rolled back."""
    with in_branch(lotus.tenant):
        yield lotus


@pytest.fixture
def maple_db(db: None, maple: Branch) -> Iterator[Branch]:
    """Inside Maple, in a transaction that is rolled back."""
    with in_branch(maple.tenant):
        yield maple


@pytest.fixture
def committed(template: Database, django_db_setup: Database, worker: str, django_db_blocker: Any) -> Iterator[Database]:
    """A database of this test's own: commits are real, threads and processes may join. About 0.2 s."""
    with django_db_blocker.unblock():
        database = databases.copy(template, f"steppe_{worker}_own")
        database.use()
        connection.set_schema_to_public()
        yield database
        django_db_setup.use()
        database.drop()


@pytest.fixture(scope="module")
def filled(template: Database, django_db_setup: Database, worker: str, django_db_blocker: Any) -> Filled:
    """For costly rows that all tests of a module stand on and none changes: made once, in a database of their own.

    with filled(make_rows) as rows: yield rows      # in a fixture of the module; `make_rows` starts in `public`

    The tests use `lotus_db` and the like as ever: each is rolled back to what was made. Not together with `committed`.
    """

    @contextmanager
    def filling(make: Callable[[], Any]) -> Iterator[Any]:
        with django_db_blocker.unblock():
            database = databases.copy(template, f"steppe_{worker}_filled")
        try:
            with django_db_blocker.unblock():
                database.use()
                connection.set_schema_to_public()
                made = make()
                connections.close_all()
            yield made
        finally:
            with django_db_blocker.unblock():
                django_db_setup.use()
                database.drop()

    return filling


def _person(called: str, site: str = "lotus", username: str = "") -> Any:
    @pytest.fixture(name=called)
    def person(_world: dict[str, Branch]) -> Actor:
        return _world[site].people[username or called]

    return person


lin, cai, wu, bo, gao, hui = (_person(name) for name in ("lin", "cai", "wu", "bo", "gao", "hui"))
yun, an, ku, ji, de, bai, xi = (_person(n) for n in ("yun", "an", "ku", "ji", "de", "bai", "xi"))
mei, na = (_person(n) for n in ("mei", "na"))  # customers
chen = _person("chen", "maple", "lin")
hq_user = _person("hq_user", "hq", "hq")


# -- without a Chromium no browser journeys, without an account no real WeChat: not run, and said so; never skipped
# -- into a green line
LIVE = ("STEPPE_LIVE_APPID", "STEPPE_LIVE_SECRET", "STEPPE_LIVE_OPENID", "STEPPE_LIVE_TEMPLATE")


def chromium() -> str:
    """The browser of this machine, or nothing. An empty STEPPE_CHROMIUM says there is none."""
    named = os.environ.get("STEPPE_CHROMIUM")
    return named if named is not None else next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "")


def absent() -> dict[str, str]:
    """The marks whose tests nothing could run here, each with the sentence that says so."""
    sentences = {}
    if not chromium():
        sentences["journey"] = "BROWSER JOURNEYS NOT RUN: no Chromium here (make browser installs one)"
    if missing := [name for name in LIVE if not os.environ.get(name)]:
        sentences["wechat_live"] = f"REAL WECHAT NOT ASKED: {', '.join(missing)} not set (docs/testing.md)"
    return sentences


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what nothing could run."""
    marks = absent()
    out = [item for item in items if any(item.get_closest_marker(mark) for mark in marks)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The last word of a run in which something was taken out."""
    for mark, sentence in absent().items():
        terminalreporter.section(sentence, red=mark == "journey", yellow=mark != "journey")
