"""What is tidied every night, in every branch and at headquarters."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_celery_beat.schedulers import ModelEntry

from tenants import tasks
from tenants.context import in_branch, in_public
from tests.cast import Branch


def two_sessions() -> None:
    for name, hours in (("old", -1), ("young", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=timezone.now() + timedelta(hours=hours))


def kept() -> list[str]:
    return list(Session.objects.order_by("session_key").values_list("session_key", flat=True))


def test_ended_sessions_are_cleared_away_in_every_branch_and_at_headquarters(
    db: None, lotus: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(  # the broker
        tasks.tidy_branch, "apply_async", lambda **how: sent.append(how["headers"]["_schema_name"])
    )
    for place in (in_public(), in_branch(lotus.tenant), in_branch(maple.tenant)):
        with place:
            two_sessions()
    tasks.fan_out_nightly()
    assert sorted(sent) == sorted([lotus.tenant.schema_name, maple.tenant.schema_name])
    with in_public():
        assert kept() == ["young"]
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            assert kept() == ["old", "young"]  # each by its own task
            tasks.tidy_branch()
            assert kept() == ["young"]


def test_beat_wakes_it_once_a_night_in_public() -> None:
    wanted: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE["tidy-branches"]
    kept_options = ModelEntry._unpack_options(**wanted["options"])
    assert json.loads(kept_options["headers"])["_schema_name"] == "public"
    assert (tasks.fan_out_nightly.name, tasks.fan_out_nightly.scope) == (wanted["task"], "public")
    assert (wanted["schedule"].hour, wanted["schedule"].minute) == ({3}, {20})
