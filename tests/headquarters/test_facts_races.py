"""Several workers at the same branch, a branch that is down, one that was never heard of: real commits and threads."""

from collections.abc import Iterator

import pytest
from django.db import connection

from apps.headquarters import tasks
from apps.headquarters.models import FactStand
from apps.headquarters.services import catch_up, converge
from tenants.context import in_branch, in_public
from tenants.models import Tenant
from tests.cast import Branch
from tests.databases import Database
from tests.headquarters.facts import bring, marked, stored, straight, totals
from tests.make import make_ticket
from tests.rules import together

HANDS = 4


@pytest.fixture
def lotus_for_many(committed: Database, lotus: Branch) -> Iterator[Branch]:
    with in_branch(lotus.tenant):
        yield lotus


def test_many_who_count_at_once_count_once(lotus_for_many: Branch) -> None:
    branch = lotus_for_many
    for status in ("pooled", "accepted", "closed"):
        make_ticket(status=status)
    bring()
    answers = together(branch, [lambda: converge(branch.tenant)] * HANDS)
    assert answers == [False] * HANDS
    assert stored(branch) == straight(branch)
    assert marked(branch) == set()
    with in_public():
        assert FactStand.objects.count() == 1


def test_steps_marks_and_counting_at_once_end_right(lotus_for_many: Branch) -> None:
    branch = lotus_for_many
    make_ticket(status="accepted")
    bring()

    def works() -> None:
        for _ in range(3):
            make_ticket(status="pooled")
            bring()

    def counts() -> None:
        for _ in range(6):
            converge(branch.tenant)

    assert together(branch, [works, works, counts, counts]) == [None] * HANDS
    bring()
    catch_up(branch.tenant)
    converge(branch.tenant)
    assert stored(branch) == straight(branch)
    assert totals(stored(branch))["created"] == 7


def test_a_branch_that_is_down_delays_only_itself(committed: Database, lotus: Branch, maple: Branch) -> None:
    for branch in (lotus, maple):
        with in_branch(branch.tenant):
            make_ticket(status="closed")
            bring()
    away = Tenant.objects.get(pk=lotus.tenant.pk).schema_name
    with in_public(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {away} RENAME TO away")
    with pytest.raises(Exception, match="does not exist"):
        converge(lotus.tenant)
    converge(maple.tenant)
    assert stored(maple) == straight(maple) != {}
    assert (stored(lotus), len(marked(lotus))) == ({}, 1)
    with in_public(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA away RENAME TO {away}")
    converge(lotus.tenant)
    assert stored(lotus) == straight(lotus) != {}


def test_what_a_lost_wake_up_left_is_found_by_the_sweep(lotus_for_many: Branch) -> None:
    make_ticket(status="closed")
    bring()
    tasks.sweep_facts()
    assert stored(lotus_for_many) == straight(lotus_for_many) != {}


def test_a_branch_that_was_never_counted_is_counted_from_its_tickets(
    lotus_for_many: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket(status="closed")  # nothing was ever brought: from before there were figures
    sent: list[int] = []
    monkeypatch.setattr(tasks.check_facts_from, "wake", sent.append)
    tasks.sweep_facts()
    tasks.sweep_facts()
    assert sent == [0]
    tasks.check_facts_from(0)
    tasks.sweep_facts()
    assert stored(lotus_for_many) == straight(lotus_for_many) != {}
    assert sent == [0]
