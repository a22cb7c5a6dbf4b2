"""T6: the technician gives a dispatched ticket back; it stands in the pool again with a fresh clock."""

from datetime import timedelta

from apps.tickets.errors import IllegalTransition, NotYourTicket
from apps.tickets.models import Assignment
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
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
