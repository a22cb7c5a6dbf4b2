"""T22: fake, wrong or a test; gone from the pool for good."""

import pytest

from apps.tickets.duplicates import false_reports
from apps.tickets.errors import OnlyDispatcher
from apps.tickets.models import Assignment, Breach, Ticket
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import PHONE, make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, now_of


def test_a_dispatcher_voids_with_a_reason_that_is_kept(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    do("void", ticket.public_id, reason=" fake ")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code) == ("void", "fake") and found.closed_at
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


@pytest.mark.parametrize("status", ["submitted", "pooled", "assigned"])
def test_an_agent_may_before_somebody_took_it(lotus_db: Branch, an: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    do("void", ticket.public_id, by=an)
    assert now_of(ticket).status == "void"


def test_later_the_agent_calls_the_dispatcher(lotus_db: Branch, an: Actor, bai: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(OnlyDispatcher):
        do("void", ticket.public_id, by=an)
    do("void", ticket.public_id, by=bai)


@pytest.mark.parametrize("reason", ["fake", "False report: nobody lives there", "虚假报修: 空房"])
def test_false_reports_are_counted_for_their_number(lotus_db: Branch, reason: str) -> None:
    do("void", make_ticket().public_id, reason=reason)
    do("void", make_ticket().public_id, reason="test")
    assert (false_reports(PHONE), false_reports("13900008888"), false_reports("")) == (1, 0, 0)


def test_what_such_a_number_tells_by_itself_is_looked_at_before_it_enters_the_pool(
    lotus_db: Branch, mei: Actor, na: Actor, cai: Actor
) -> None:
    lotus_db.tenant.policy = {"false_reports_max": 2}
    for _ in range(2):
        assert make_ticket(by=mei).status == "pooled"
        do("void", Ticket.objects.latest("id").public_id, reason="fake")
    suspect = make_ticket(by=mei)
    assert (suspect.status, suspect.grid.code if suspect.grid else "") == ("submitted", "E1")
    assert make_ticket(by=na, contact_phone="13900001002").status == "pooled"
    assert make_ticket(by=cai, contact_phone=suspect.contact_phone).status == "pooled"  # a clerk has heard the voice
    do("release", suspect.public_id)
    found = now_of(suspect)
    assert found.status == "pooled" and found.waves.count() == 1 and found.resolve_due_at == suspect.resolve_due_at


def test_the_other_branch_counts_its_own(lotus_db: Branch, maple: Branch) -> None:
    do("void", make_ticket().public_id, reason="fake")
    with in_branch(maple.tenant):
        assert false_reports(PHONE) == 0
