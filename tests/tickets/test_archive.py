"""T28 archive: what is over and settled is only read, and the night's job does it once."""

from datetime import datetime, timedelta

from apps.tickets.models import Ticket
from apps.tickets.services import sweep_archive
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch, policy
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def over(status: str) -> Ticket:
    with clock.frozen(BEGIN):
        return make_ticket(status=status)


def test_only_what_was_closed_long_enough_ago(lotus_db: Branch) -> None:
    closed, void, running = over("closed"), over("void"), over("pooled")
    days = policy().archive_days
    with clock.frozen(BEGIN + timedelta(days=days, minutes=-1)):
        assert sweep_archive() == 0
    with clock.frozen(BEGIN + timedelta(days=days)):
        assert (sweep_archive(), sweep_archive()) == (2, 0)
    assert now_of(closed).archived_at and now_of(void).archived_at and now_of(running).archived_at is None
    assert (now_of(closed).status, closed.history.last().actor) == ("closed", SYSTEM.ref)


def test_a_second_time_leaves_no_second_row(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    do("archive", ticket.public_id)
    do("archive", ticket.public_id)
    assert ticket.history.filter(action="archive").count() == 1


def test_no_person_archives(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="closed")
    for who in (bai, lin):
        with refused(NotAllowed):
            do("archive", ticket.public_id, by=who)


def test_the_night_of_one_branch_leaves_the_other_alone(lotus_db: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant):
        theirs = over("closed")
    over("closed")
    with clock.frozen(BEGIN + timedelta(days=policy().archive_days)):
        assert sweep_archive() == 1
    with in_branch(maple.tenant):
        assert now_of(theirs).archived_at is None
