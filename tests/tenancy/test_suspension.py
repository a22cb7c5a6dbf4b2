"""A suspended branch stands still everywhere: pages of other processes, tasks, the relay's slow lane."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from steppe.boot.celery import app
from steppe.kernel import wake
from steppe.kernel.db import connection
from tenants import drainer, hosts, news
from tenants.context import in_branch, in_public
from tenants.models import Status, Tenant
from tenants.services import resume_branch, suspend_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import client_at
from tests.queries import asking

ROOT = Path(__file__).resolve().parents[2]
ANOTHER_PROCESS = """
import sys, django
django.setup()
from tenants.services import suspend_branch
suspend_branch(tenant_id=int(sys.argv[1]), by="another process")
"""


def suspended_elsewhere(database: Database, branch: Branch) -> None:
    """As headquarters' process does it: nothing in this one hears of it."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    own = os.environ | {
        "STEPPE_DATABASE_URL": database.url, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, str(branch.tenant.pk)], check=True, env=own, cwd=ROOT)


def test_a_branch_suspended_by_another_process_closes_within_a_second(committed: Database, lotus: Branch) -> None:
    client = client_at(lotus)
    assert client.get("/sign-in/").status_code == 200
    suspended_elsewhere(committed, lotus)
    time.sleep(hosts.ASK_EVERY)
    assert client.get("/sign-in/").status_code == 403


def test_without_valkey_it_closes_a_little_later(
    committed: Database, lotus: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = redis.Redis.from_url("redis://127.0.0.1:9", socket_connect_timeout=0.2)
    monkeypatch.setattr(wake, "client", lambda: away)
    monkeypatch.setattr(hosts, "WITHOUT_VALKEY", 0.2)
    client = client_at(lotus)
    assert client.get("/sign-in/").status_code == 200
    with in_public():
        Tenant.objects.filter(pk=lotus.tenant.pk).update(status=Status.SUSPENDED)
    time.sleep(0.25)
    assert client.get("/sign-in/").status_code == 403


def test_as_long_as_nothing_changes_no_page_asks_the_database_again(db: None, lotus: Branch) -> None:
    client = client_at(lotus)
    client.get("/sign-in/")
    time.sleep(hosts.ASK_EVERY)
    with asking(0):
        client.get("/sign-in/")


def test_what_was_read_before_the_news_is_not_remembered_after_it(
    db: None, lotus: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up that read before the change ends after another thread has heard of it."""
    hosts.branch_at(maple.host)

    @contextmanager
    def then_the_change() -> Iterator[None]:
        with in_public():
            yield
        monkeypatch.setattr(hosts, "in_public", in_public)
        Tenant.objects.filter(pk=lotus.tenant.pk).update(status=Status.SUSPENDED)
        news.tell()
        monkeypatch.setattr(hosts, "_ask_at", 0.0)
        hosts.branch_at(maple.host)

    monkeypatch.setattr(hosts, "in_public", then_the_change)
    late, found = hosts.branch_at(lotus.host), hosts.branch_at(lotus.host)
    assert late is not None and late.status == Status.ACTIVE
    assert found is not None and found.status == Status.SUSPENDED


def test_two_installations_on_one_valkey_do_not_disturb_each_other(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = news.word()
    with monkeypatch.context() as other:
        other.setitem(connection.settings_dict, "NAME", "another-installation")
        news.tell()
        assert news.word() != before
    assert news.word() == before


RAN: list[str] = []


@app.task(name="test.work_of_an_open_branch")
def work() -> None:
    RAN.append(connection.schema_name)


@pytest.fixture
def standing() -> Iterator[None]:
    RAN.clear()
    yield
    connection.set_schema_to_public()


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.CLOSING, Status.PROVISIONING])
def test_a_task_of_a_branch_that_is_not_open_does_not_start_and_is_no_failure(
    db: None, lotus: Branch, maple: Branch, standing: None, status: Status
) -> None:
    Tenant.objects.filter(pk=lotus.tenant.pk).update(status=status)
    states = [work.apply(headers={"_schema_name": one.tenant.schema_name}).state for one in (lotus, maple)]
    assert [maple.tenant.schema_name] == RAN and states == ["IGNORED", "SUCCESS"]


def test_a_task_asks_nothing_more_for_it(db: None, lotus: Branch, standing: None) -> None:
    """The worker reads the branch for every task anyway."""
    with asking(1):
        work.apply(headers={"_schema_name": lotus.tenant.schema_name})


def test_the_subscribers_of_a_suspended_branch_wait(
    committed: Database, lotus: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood in the queue already when it was suspended."""
    served: list[str] = []
    monkeypatch.setattr(drainer.Drainer, "serve", lambda self, tenant: served.append(tenant.schema_name))

    def one_turn() -> list[str]:
        served.clear()
        lane = drainer.Drainer()
        lane.push(lotus.tenant)
        lane.start()
        deadline = time.monotonic() + 5
        while lane._waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        lane.stop()
        lane.join()
        return list(served)

    suspend_branch(tenant_id=lotus.tenant.pk, by="a test")
    assert one_turn() == []
    resume_branch(tenant_id=lotus.tenant.pk, by="a test")
    assert one_turn() == [lotus.tenant.schema_name]


def test_a_suspended_branch_may_still_be_looked_into(db: None, lotus: Branch) -> None:
    """Suspended is not gone: headquarters' counts and a later resume need its data."""
    suspend_branch(tenant_id=lotus.tenant.pk, by="a test")
    with in_branch(lotus.tenant):
        assert connection.schema_name == lotus.tenant.schema_name
