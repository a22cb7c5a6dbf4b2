"""A ticket that comes back to the pool is told about again: a new series of waves, new cards."""

from datetime import timedelta

import pytest

from apps.people import services as people
from apps.people.models import Technician
from apps.tickets import selectors
from apps.tickets.models import PushWave, Ticket
from apps.tickets.services import sweep_clocks
from apps.tickets.waves_read import waves_of
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.steps import do, now_of


def rounds(ticket: Ticket) -> list[tuple[int, list[int]]]:
    """(round, whom it chose) of every wave of the ticket."""
    waves = PushWave.objects.filter(ticket=ticket).order_by("round")
    return [(one.round, [chosen.technician_id for chosen in selectors.chosen_in(one.pk)]) for one in waves]


def declined(ticket: Ticket, by: Actor) -> None:
    names = dict(Technician.objects.values_list("id", "user__username"))
    do("dispatch", ticket.public_id, to=names[by.technician_id or 0])
    do("decline", ticket.public_id, by=by)


def test_a_declined_ticket_is_offered_to_others_and_not_to_who_declined(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket()
    declined(ticket, wu)
    assert rounds(ticket) == [(1, [wu.technician_id, bo.technician_id]), (2, [bo.technician_id])]
    assert [event.kind for event in make.events()][-2:] == ["ticket.declined", "ticket.wave_pushed"]


def test_who_declined_before_is_left_out_too(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket()
    declined(ticket, wu)
    declined(ticket, bo)
    assert rounds(ticket)[-1] == (3, [])


def test_a_day_later_they_may_be_asked_again(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket()
    declined(ticket, wu)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        declined(ticket, bo)
    assert rounds(ticket)[-1] == (3, [wu.technician_id])


def test_a_decline_of_another_ticket_does_not_count(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    declined(make_ticket(), wu)
    ticket = make_ticket()
    declined(ticket, bo)
    assert rounds(ticket)[-1] == (2, [wu.technician_id])


def test_what_the_callback_sends_to_the_pool_is_told(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    people.set_active(user_id=wu.id or 0, active=False)
    do("callback_reject", ticket.public_id)
    assert rounds(ticket)[1:] == [(2, [bo.technician_id])]


def test_what_goes_back_to_the_same_technician_is_not(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    do("callback_reject", ticket.public_id)
    assert len(rounds(ticket)) == 1


@pytest.mark.parametrize("status", ["assigned", "accepted"])
def test_a_ticket_somebody_has_is_offered_to_nobody(lotus_db: Branch, status: str) -> None:
    ticket = make_ticket(status=status)
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert sweep_clocks()
    assert len(rounds(ticket)) == 1


def test_the_screen_shows_the_newest_wave_also_when_it_found_nobody(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket()
    declined(ticket, wu)
    [shown] = waves_of(now_of(ticket))
    assert (shown.reach, [one.name for one in shown.people]) == ("near", ["Bo"])
    declined(ticket, bo)
    assert [(one.round, one.chosen) for one in waves_of(now_of(ticket))] == [(3, 0)]
    page = make.client_at(lotus_db, lotus_db.lin).get(f"/console/t/{ticket.public_id}/side/").content.decode()
    assert 'class="wave"' not in page and "data-nobody" in page
