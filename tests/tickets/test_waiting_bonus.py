"""What nobody takes gains a bonus while it waits; whoever grabs it takes along what the card showed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.models import Ticket
from apps.tickets.rules.bonus import waiting_pct
from apps.tickets.services import sweep_bonuses
from steppe.kernel import clock
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, grab, make_ticket
from tests.tickets.looks import the_step
from tests.tickets.steps import ask, do, now_of

POLICY = {"technician_cap": 3, "waiting_bonus_after_minutes": 60, "waiting_bonus_full_minutes": 360}


@pytest.fixture
def ticket(lotus_db: Branch) -> Ticket:
    """Nothing for an hour, then up to 30 % at six hours."""
    lotus_db.tenant.policy = POLICY
    return make_ticket()


def at(ticket: Ticket, minutes: float) -> int:
    """The bonus so many minutes after it entered the pool."""
    with clock.frozen(ticket.pooled_at + timedelta(minutes=minutes)):
        sweep_bonuses()
    return now_of(ticket).waiting_bonus_pct


def test_it_grows_while_it_waits_up_to_the_branchs_limit(ticket: Ticket) -> None:
    assert [at(ticket, minutes) for minutes in (30, 60, 110, 210, 360, 9999)] == [0, 0, 5, 15, 30, 30]


def test_it_is_fixed_at_the_grab_and_stands_in_the_history(ticket: Ticket) -> None:
    at(ticket, 210)
    with clock.frozen(ticket.pooled_at + timedelta(minutes=300)):
        grab(ticket.public_id)
    assert now_of(ticket).waiting_bonus_pct == 15 and the_step(ticket).data == {"waiting_bonus_pct": 15}
    assert at(ticket, 9999) == 15


def test_a_young_ticket_carries_no_bonus(ticket: Ticket) -> None:
    grab(ticket.public_id)
    assert now_of(ticket).waiting_bonus_pct == 0 and the_step(ticket).data == {}


def test_who_is_sent_gets_none_and_what_comes_back_begins_anew(ticket: Ticket) -> None:
    at(ticket, 360)
    with clock.frozen(ticket.pooled_at + timedelta(minutes=361)):
        do("dispatch", ticket.public_id)
        assert now_of(ticket).waiting_bonus_pct == 0
        do("decline", ticket.public_id)
    back = now_of(ticket)
    assert [at(back, 60), at(back, 110)] == [0, 5]


def test_what_is_given_back_begins_anew_too(ticket: Ticket) -> None:
    at(ticket, 360)
    with clock.frozen(ticket.pooled_at + timedelta(minutes=361)):
        grab(ticket.public_id)
        ask("return", ticket.public_id, by=actor("wu"))
    assert (now_of(ticket).status, now_of(ticket).waiting_bonus_pct) == ("pooled", 0)


def test_a_night_in_the_pool_earns_nothing(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = POLICY | {"service": [480, 1200]}
    with clock.frozen(datetime(2026, 3, 2, 19, 0, tzinfo=clock.BUSINESS_ZONE)):
        ticket = make_ticket()
    assert [at(ticket, minutes) for minutes in (60, 12 * 60, 13 * 60 + 50)] == [0, 0, 5]


def test_a_branch_may_do_without(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = POLICY | {"waiting_bonus_max_pct": 0}
    assert at(make_ticket(), 9999) == 0


def test_its_version_and_its_clocks_stay_and_a_second_sweep_changes_nothing(ticket: Ticket) -> None:
    before = now_of(ticket)
    with clock.frozen(ticket.pooled_at + timedelta(minutes=210)):
        assert [sweep_bonuses(), sweep_bonuses()] == [1, 0]
    after = now_of(ticket)
    assert (after.version, after.changed_at, after.accept_due_at) == (
        before.version, before.changed_at, before.accept_due_at,
    )  # fmt: skip


def test_another_branchs_tickets_gain_nothing_here(ticket: Ticket, maple: Branch) -> None:
    with in_branch(maple.tenant), clock.frozen(ticket.pooled_at + timedelta(days=1)):
        assert sweep_bonuses() == 0


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 100))
def test_who_waits_longer_never_gets_less_and_never_more_than_the_limit(first: int, second: int, most: int) -> None:
    short, long = sorted((first, second))
    pct = [waiting_pct(timedelta(minutes=minutes), after=30, full=480, most=most) for minutes in (short, long)]
    assert 0 <= pct[0] <= pct[1] <= most
