"""What beat sends: for `public`, and gone when nobody took it in time; then one task for each branch, in the branch."""

import json

import pytest
from celery import Task
from celery.schedules import crontab
from django.conf import settings
from django_celery_beat.schedulers import ModelEntry

from apps.wechat.tasks import route_shared
from tenants import fanout, tasks
from tenants.context import current_branch, in_branch
from tenants.tasks import fan_out, fan_out_nightly, sweep_branch, tidy_branch
from tests.cast import Branch


def kept(name: str) -> dict[str, object]:
    """What the database scheduler takes over of an entry: only what it knows."""
    return ModelEntry._unpack_options(**settings.CELERY_BEAT_SCHEDULE[name]["options"])


@pytest.mark.parametrize(
    ("name", "task"), [("sweep-branches", fan_out), ("tidy-branches", fan_out_nightly), ("route-shared", route_shared)]
)
def test_beat_wakes_the_public_task(name: str, task: Task) -> None:
    assert json.loads(str(kept(name)["headers"]))["_schema_name"] == "public"
    assert (task.name, task.scope) == (settings.CELERY_BEAT_SCHEDULE[name]["task"], "public")


def test_a_late_wake_up_expires() -> None:
    """An hour without workers must not pile up 1,200 of them; the night's must be gone before the morning."""
    assert kept("sweep-branches")["expire_seconds"] == settings.CELERY_BEAT_SCHEDULE["sweep-branches"]["schedule"]
    assert settings.CELERY_BEAT_SCHEDULE["tidy-branches"]["schedule"] == crontab(hour=3, minute=20)
    assert kept("tidy-branches")["expire_seconds"] == 3600


@pytest.mark.parametrize(("outer", "inner"), [(fan_out, sweep_branch), (fan_out_nightly, tidy_branch)])
def test_every_active_branch_gets_its_own(
    db: None, lotus: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch, outer: Task, inner: Task
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(inner, "apply_async", lambda headers, **more: sent.append(headers["_schema_name"]))
    assert outer() == 2
    assert set(sent) == {lotus.tenant.schema_name, maple.tenant.schema_name}


@pytest.mark.parametrize(("task", "works"), [(sweep_branch, "SWEEPS"), (tidy_branch, "NIGHTLY")])
def test_one_that_fails_does_not_keep_the_others_from_theirs(
    lotus_db: Branch, monkeypatch: pytest.MonkeyPatch, task: Task, works: str
) -> None:
    seen: list[str] = []
    fakes = {"broken": lambda: 1 / 0, "fine": lambda: seen.append(current_branch().slug)}
    monkeypatch.setattr(tasks, works, fakes)
    task()
    assert seen == ["lotus"]


def test_the_night_knows_its_work(lotus_db: Branch) -> None:
    assert "tickets.photos" in fanout.NIGHTLY and "tickets.clocks" in fanout.SWEEPS
    with in_branch(lotus_db.tenant):
        tidy_branch()
