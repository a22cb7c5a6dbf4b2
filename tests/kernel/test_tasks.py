"""A task runs in the branch it was sent for, or not at all. Celery itself swallows a failed switch."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery.signals import task_prerun
from django.db import transaction
from tenant_schemas_celery.app import switch_schema

from apps.people.models import OrgUnit
from steppe.boot.celery import app
from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from steppe.kernel.tasks import GuardedTask, WrongBranch
from tenants.context import current_branch, in_branch, in_public
from tests.cast import Branch


@pytest.fixture
def stood() -> Iterator[list[str]]:
    """Where the tasks below ran."""
    RAN.clear()
    yield RAN
    connection.set_schema_to_public()


RAN: list[str] = []


@app.task(name="test.branch_work")
def branch_work() -> str:
    RAN.append(connection.schema_name)
    return current_branch().code if OrgUnit.objects.exists() else ""


@app.task(name="test.public_work", scope="public")
def public_work() -> None:
    RAN.append(connection.schema_name)


def run(task: Any, schema: str | None) -> Any:
    """As a worker would: the header says where."""
    headers = {} if schema is None else {"_schema_name": schema}
    return task.apply(headers=headers, throw=True).get()


def test_every_task_of_the_product_is_guarded() -> None:
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) > 3 and all(isinstance(task, GuardedTask) for task in ours)


def test_every_task_is_named_by_its_room() -> None:
    names = [name for name in app.tasks if not name.startswith(("celery.", "test."))]
    assert {name.split(".")[0] for name in names} <= {
        "tenants",
        "tickets",
        "people",
        "wechat",
        "headquarters",
        "inventory",
        "costing",
        "exports",
        "partners",
        "journal",
    }


def test_a_task_runs_in_the_branch_of_its_header(db: None, maple: Branch, lotus: Branch, stood: list[str]) -> None:
    assert [run(branch_work, one.tenant.schema_name) for one in (lotus, maple, lotus)] == ["LO", "MA", "LO"]
    assert stood == [lotus.tenant.schema_name, maple.tenant.schema_name, lotus.tenant.schema_name]


def test_afterwards_the_worker_stands_where_it_stood(db: None, lotus: Branch, stood: list[str]) -> None:
    run(branch_work, lotus.tenant.schema_name)
    assert connection.schema_name == PUBLIC


@pytest.mark.parametrize("schema", [None, PUBLIC, "b_nowhere"])
def test_a_branchs_task_without_a_branch_does_not_start(db: None, stood: list[str], schema: str | None) -> None:
    with pytest.raises(Exception) as caught:
        run(branch_work, schema)
    assert type(caught.value).__name__ in {"WrongBranch", "DoesNotExist"} and stood == []


def test_a_public_task_in_a_branch_does_not_start(db: None, lotus: Branch, stood: list[str]) -> None:
    run(public_work, PUBLIC)
    with pytest.raises(WrongBranch):
        run(public_work, lotus.tenant.schema_name)
    assert stood == [PUBLIC]


def test_a_switch_that_was_swallowed_stops_the_task(db: None, lotus: Branch, maple: Branch, stood: list[str]) -> None:
    """Celery logs an error of the signal that enters the branch, and goes on. The guard does not."""
    task_prerun.disconnect(switch_schema, dispatch_uid="tenant_schemas_switch_schema")
    try:
        for standing in (in_branch(maple.tenant), in_public()):
            with standing, pytest.raises(WrongBranch):
                run(branch_work, lotus.tenant.schema_name)
    finally:
        task_prerun.connect(switch_schema, sender=None, dispatch_uid="tenant_schemas_switch_schema")
    assert stood == []


def test_a_wake_up_is_sent_after_the_commit_for_the_branch_of_now(
    lotus_db: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(branch_work, "apply_async", lambda args, **how: sent.append((args, how)))  # the broker
    with django_capture_on_commit_callbacks() as later, transaction.atomic():
        branch_work.wake(7)
    assert sent == []
    with in_branch(maple.tenant):
        for callback in later:
            callback()
    [(args, how)] = sent
    assert args == (7,) and how["headers"] == {"_schema_name": lotus_db.tenant.schema_name}


def test_a_lost_broker_does_not_undo_the_work(
    lotus_db: Branch, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def gone(*args: Any, **how: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(branch_work, "apply_async", gone)
    with django_capture_on_commit_callbacks(execute=False) as later:
        branch_work.wake()
    with pytest.raises(ConnectionError):
        later[0]()
    robust = [row[-1] for row in connection.run_on_commit]
    assert all(robust)  # Django logs it and goes on
