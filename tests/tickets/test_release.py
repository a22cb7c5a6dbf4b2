"""T2: somebody has checked the report; it enters the pool."""

from datetime import timedelta

from apps.tickets.models import PushWave
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, now_of


def test_a_report_without_a_place_waits_until_it_is_released(lotus_db: Branch, an: Actor) -> None:
    ticket = make_ticket(status="submitted")
    assert ticket.pooled_at is None and not PushWave.objects.exists()
    do("release", ticket.public_id, by=an)
    assert now_of(ticket).status == "pooled" and now_of(ticket).pooled_at
    assert PushWave.objects.filter(ticket=ticket, round=1).exists()


def test_the_accept_clock_begins_with_the_pool_and_the_promise_with_the_report(lotus_db: Branch) -> None:
    ticket = make_ticket(status="submitted")
    with clock.frozen(ticket.reported_at + timedelta(hours=2)):
        do("release", ticket.public_id)
    found = now_of(ticket)
    assert found.accept_due_at == ticket.reported_at + timedelta(hours=2, minutes=30)
    assert found.resolve_due_at == ticket.resolve_due_at


def test_a_clerk_does_not_release(lotus_db: Branch, cai: Actor) -> None:
    ticket = make_ticket(status="submitted")
    with refused(NotAllowed):
        do("release", ticket.public_id, by=cai)


def test_the_screens_are_told_of_both(lotus_db: Branch) -> None:
    do("release", make_ticket(status="submitted").public_id)
    assert [event.kind for event in make.events()][-2:] == ["ticket.released", "ticket.wave_pushed"]
