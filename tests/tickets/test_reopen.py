"""T20 reopen: it broke again within the branch's days; the customer's clock never started anew."""

from datetime import datetime, timedelta

from apps.tickets import selectors
from apps.tickets.errors import Archived, IllegalTransition, ReasonMissing, ReopenLimit, ReopenTooLate
from apps.tickets.listed import listed, question_of
from apps.tickets.models import CallbackRecord, Ticket
from apps.tickets.reader import Reader
from apps.tickets.services import reopen_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.queries import asking
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)
DONE = ("grab", "check_in", "complete")


def closed(day: float = 0) -> Ticket:
    with clock.frozen(BEGIN + timedelta(days=day)):
        return make_ticket(status="closed")


def reopen(ticket: Ticket, day: float) -> None:
    with clock.frozen(BEGIN + timedelta(days=day)):
        do("reopen", ticket.public_id)


def test_it_is_back_in_the_pool_and_everybody_may_take_it(lotus_db: Branch, hui: Actor) -> None:
    ticket = closed()
    reopen(ticket, 1)
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.reopen_count, found.technician_id) == ("pooled", 1, None)
    assert (found.closed_at, found.finished_at, found.close_code, found.satisfaction) == (None, None, "", None)
    assert (last.actor, last.reason) == (hui.ref, "came_back")
    assert CallbackRecord.objects.filter(ticket=ticket).count() == 1  # what was said then stays


def test_first_and_total_resolution_are_both_known(lotus_db: Branch) -> None:
    """domain.md §12 rule 6: the start is kept, the first end and the last one too."""
    ticket = closed()
    reopen(ticket, 1)
    with clock.frozen(BEGIN + timedelta(days=1, hours=2)):
        for step in DONE:
            do(step, ticket.public_id)
    found = now_of(ticket)
    assert (found.reported_at, found.first_finished_at) == (BEGIN, ticket.first_finished_at) == (BEGIN, BEGIN)
    assert found.finished_at == BEGIN + timedelta(days=1, hours=2)
    assert found.resolve_due_at == ticket.resolve_due_at


def test_after_seven_days_a_new_one_is_reported(lotus_db: Branch) -> None:
    ticket = closed()
    with refused(ReopenTooLate, days="7"):
        reopen(ticket, 7.01)
    reopen(ticket, 7)
    assert now_of(ticket).status == "pooled"


def test_after_the_days_nobody_is_offered_what_would_be_refused(lotus_db: Branch, hui: Actor) -> None:
    ticket = now_of(make_ticket(status="closed"))
    for days, offered in ((6.9, True), (7.1, False)):
        with clock.frozen(ticket.closed_at + timedelta(days=days)):
            assert ("reopen" in selectors.actions_for(hui, ticket)) is offered


def test_three_times_and_then_a_new_one_follows(lotus_db: Branch) -> None:
    ticket = closed()
    for _ in range(3):
        reopen(ticket, 0.5)
        with clock.frozen(BEGIN + timedelta(days=0.5)):
            for step in (*DONE, "callback_ok"):
                do(step, ticket.public_id)
    with refused(ReopenLimit, times=3):
        reopen(ticket, 1)


def test_once_too_often_or_handed_over_nobody_is_offered_what_would_be_refused(
    lotus_db: Branch, hui: Actor, an: Actor
) -> None:
    ticket, gone = make_ticket(status="closed"), make_ticket(by=lotus_db.mei)
    assert "reopen" in selectors.actions_for(hui, now_of(ticket))
    for _ in range(3):
        for step in ("reopen", *DONE, "callback_ok"):
            do(step, ticket.public_id)
    do("hand_over", gone.public_id)
    for one in (ticket, gone):
        for who in (hui, an, lotus_db.mei):
            assert not {"reopen", "request_reopen"} & set(selectors.actions_for(who, now_of(one)))


def test_a_list_offers_it_without_a_query_for_each(lotus_db: Branch, hui: Actor) -> None:
    for n in range(3):
        make_ticket(status="closed", contact_phone=f"1390000{n:04d}")
    rows = listed(question_of(Ticket.objects.filter(status="closed")))
    with asking(0):
        assert ["reopen" in one.actions for one in Reader(hui).views(rows)] == [True] * 3


def test_archived_and_handed_over_it_rests(lotus_db: Branch) -> None:
    archived, gone = closed(), make_ticket()
    do("archive", archived.public_id)
    with refused(Archived):
        reopen(archived, 1)
    do("hand_over", gone.public_id)
    with refused(IllegalTransition):
        do("reopen", gone.public_id)


def test_without_a_reason_and_by_others_it_stays_closed(lotus_db: Branch, wu: Actor, lin: Actor, an: Actor) -> None:
    ticket = make_ticket(status="closed")
    with refused(ReasonMissing):
        do("reopen", ticket.public_id, reason="")
    for who in (wu, an):
        with refused(NotAllowed):
            do("reopen", ticket.public_id, by=who)


def test_sent_twice_it_is_reopened_once(lotus_db: Branch, hui: Actor) -> None:
    ticket = make_ticket(status="closed")
    sent_twice(lambda once: reopen_ticket(public_id=ticket.public_id, reason="again", by=hui, key=once))
    assert now_of(ticket).reopen_count == 1


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    do("reopen", ticket.public_id)
    assert "ticket.reopened" in [one.kind for one in make.events()[-2:]]
