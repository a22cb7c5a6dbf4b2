"""T8b, this branch's side: the case went to another branch; here it only ends."""

import pytest

from apps.tickets.errors import ChildrenOpen, ReasonMissing
from apps.tickets.services import hand_over_ticket
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted", "in_progress", "on_hold"])
def test_it_closes_as_transferred_with_its_link_and_its_report_time(lotus_db: Branch, wu: Actor, status: str) -> None:
    """domain.md §12 rule 22, the source."""
    ticket = make_ticket(status=status)
    do("hand_over", ticket.public_id, link_id="XL-HU-7")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code, found.reported_at) == ("closed", "transferred", ticket.reported_at)
    assert (last.data["link"], last.reason, load_of(wu)) == ("XL-HU-7", "their district", 0)


def test_repeated_it_ends_once(lotus_db: Branch) -> None:
    """domain.md §12 rule 21, the source."""
    ticket = make_ticket()
    more = {"public_id": ticket.public_id, "link_id": "l-1", "reason": "their district", "by": SYSTEM}
    sent_twice(lambda once: hand_over_ticket(key=once, **more))
    assert ticket.history.filter(action="hand_over").count() == 1


def test_what_others_still_work_at_does_not_go(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("spawn_child", ticket.public_id)
    with refused(ChildrenOpen):
        do("hand_over", ticket.public_id)


def test_no_person_of_the_branch_does_it_alone(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket = make_ticket()
    for who in (bai, lin):
        with refused(NotAllowed):
            do("hand_over", ticket.public_id, by=who)
    with refused(ReasonMissing):
        hand_over_ticket(public_id=ticket.public_id, link_id="l", reason=" ", by=SYSTEM, key=key())


def test_the_screens_are_told(lotus_db: Branch) -> None:
    do("hand_over", make_ticket().public_id)
    assert make.events()[-1].kind == "ticket.handed_over"
