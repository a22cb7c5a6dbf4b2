"""T22: fake, wrong or a test; gone from the pool for good."""

from apps.tickets.models import Assignment, Breach
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, now_of


def test_a_dispatcher_voids_with_a_reason_that_is_kept(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    do("void", ticket.public_id, reason=" fake ")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code) == ("void", "void") and found.closed_at
    assert (last.action, last.before, last.after, last.reason, last.actor) == (
        "void", "pooled", "void", "fake", lin.ref,
    )  # fmt: skip


def test_who_had_it_has_room_again(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    assert load_of(wu) == 1
    do("void", ticket.public_id)
    assert load_of(wu) == 0
    assert Assignment.objects.get(ticket=ticket).end_reason == "test"


def test_its_clocks_are_silent(lotus_db: Branch) -> None:
    do("void", make_ticket().public_id)
    with clock.frozen(clock.now() + clock.minutes(60 * 24 * 30)):
        assert sweep_clocks() == 0 and not Breach.objects.exists()


def test_nobody_below_a_dispatcher_may(lotus_db: Branch, cai: Actor, wu: Actor, hui: Actor, yun: Actor) -> None:
    ticket = make_ticket()
    for who in (cai, wu, hui, yun):
        with refused(NotAllowed):
            do("void", ticket.public_id, by=who)


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("void", ticket.public_id)
    told = make.events()[-1]
    assert (told.kind, told.public_id, told.version) == ("ticket.voided", ticket.public_id, 2)
    assert (told.facts["before"], told.facts["after"], told.facts["day"]) == ("pooled", "void", clock.today())
