"""T6: the technician gives a dispatched ticket back; it stands in the pool again with a fresh clock."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from apps.tickets.errors import DeclinedTooOften, IllegalTransition, NotYourTicket, ReasonMissing, UnknownReason
from apps.tickets.models import Assignment
from apps.tickets.reasons import REASONS
from apps.tickets.services import decline_dispatch, sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import key, make_ticket
from tests.rules import refused
from tests.tickets.hands import at_once
from tests.tickets.steps import do, load_of, now_of


def test_it_is_nobodys_again(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    do("decline", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.accept_mode, found.return_count) == ("pooled", None, "", 1)
    assert (found.assigned_at, found.accepted_at, load_of(wu)) == (None, None, 0)
    assert Assignment.objects.get().end_reason == ticket.history.last().reason == "busy"


def test_the_accept_clock_starts_anew_and_the_flag_goes(lotus_db: Branch) -> None:
    ticket = make_ticket(status="assigned")
    later = clock.now() + timedelta(hours=1)
    with clock.frozen(later):
        assert sweep_clocks() == 1 and now_of(ticket).overdue_clocks == ["accept"]
        do("decline", ticket.public_id)
        found = now_of(ticket)
        assert not found.overdue_clocks and found.accept_due_at == later + timedelta(minutes=30)
        assert sweep_clocks() == 0
    assert found.breaches.count() == 1 and found.resolve_due_at == ticket.resolve_due_at


def test_somebody_else_may_grab_it_then(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="assigned")
    do("decline", ticket.public_id)
    assert do("grab", ticket.public_id, by=bo).facts["status"] == "accepted"


@pytest.mark.parametrize(("reason", "note", "kept"), [
    ("no_part", "", "no_part"), ("no_part", " no ladder ", "缺工具或材料: no ladder"),
    ("other", "car broke down", "car broke down"),
])  # fmt: skip
def test_a_reason_is_one_of_the_list_with_a_note_or_without(
    lotus_db: Branch, reason: str, note: str, kept: str
) -> None:  # fmt: skip
    ticket = make_ticket(status="assigned")
    do("decline", ticket.public_id, reason=reason, note=note)
    assert ticket.history.last().reason == Assignment.objects.get().end_reason == kept


def test_another_reason_than_those_of_the_list_is_refused_with_their_words(lotus_db: Branch) -> None:
    ticket = make_ticket(status="assigned")
    words = ", ".join(str(word) for word in REASONS["decline"].values())
    for reason in ("do not feel like it", "Too far for today", "weather"):
        with refused(UnknownReason, reasons=words):
            do("decline", ticket.public_id, reason=reason)
    for nothing, note in (("", ""), (" ", "my dog"), ("other", "  ")):
        with refused(ReasonMissing):
            do("decline", ticket.public_id, reason=nothing, note=note)
    assert now_of(ticket).status == "assigned"


def test_only_the_one_it_was_given_to(lotus_db: Branch, bo: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="assigned")
    with refused(NotYourTicket, holder="Wu"):
        do("decline", ticket.public_id, by=bo)
    with refused(NotAllowed):
        do("decline", ticket.public_id, by=lin)


def test_what_was_accepted_cannot_be_declined(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    with refused(IllegalTransition):
        do("decline", ticket.public_id)


def test_as_often_in_a_month_as_the_branch_allows(lotus_db: Branch, bo: Actor) -> None:
    lotus_db.tenant.policy = {"decline_quota": 1}
    at = datetime(2026, 3, 30, 9, 0, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(at):
        first, second, another = (make_ticket(status="assigned", to=who) for who in ("wu", "wu", "bo"))
        do("decline", first.public_id)
        with refused(DeclinedTooOften, times=1):
            do("decline", second.public_id)
        do("decline", another.public_id, by=bo)  # everybody has their own number
    with clock.frozen(at + timedelta(days=2)):  # April
        do("decline", second.public_id)
    assert now_of(second).status == "pooled"


def test_what_was_declined_before_by_somebody_else_is_not_mine(lotus_db: Branch, bo: Actor) -> None:
    lotus_db.tenant.policy = {"decline_quota": 1}
    ticket = make_ticket(status="assigned")
    do("decline", ticket.public_id)
    do("dispatch", ticket.public_id, to="bo")
    do("decline", ticket.public_id, by=bo)
    assert now_of(ticket).return_count == 2


def test_two_declined_at_once_and_one_is_within_the_number(committed: Database, lotus: Branch) -> None:
    lotus.tenant.policy = {"decline_quota": 1}
    with in_branch(lotus.tenant):
        names = [make_ticket(status="assigned").public_id for _ in range(2)]
    works = [partial(decline_dispatch, public_id=name, reason="busy", by=lotus.wu, key=key()) for name in names]
    assert at_once(lotus, works) == {"done": 1, "tickets.declined_too_often": 1}
