"""T17: the work cannot be done; why, and what was found there, is kept and the customer is told."""

import pytest

from apps.tickets import services
from apps.tickets.errors import IllegalTransition, NotYourTicket, PhotoMissing, ReasonMissing
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of, shown


def test_it_waits_for_the_callback_as_not_done_and_the_technician_is_free(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    do("fail_work", ticket.public_id, reason="no_access")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code, load_of(wu)) == ("awaiting_callback", "not_done", 0)
    assert (last.action, last.reason, last.data) == ("fail_work", "no_access", {"photos": 1})
    assert found.finished_at and ticket.photos.get().stage == "finish"


def test_on_site_it_takes_a_reason_and_a_photo(lotus_db: Branch) -> None:
    ticket, others = make_ticket(status="in_progress"), shown("bo")
    photos = shown()
    with refused(ReasonMissing):
        do("fail_work", ticket.public_id, facts={"reason": " ", "photos": photos})
    for nothing in ((), others, ("none",)):
        with refused(PhotoMissing):
            do("fail_work", ticket.public_id, facts={"reason": "refused", "photos": nothing})


def test_from_afar_there_is_nothing_to_show(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("start_remote", ticket.public_id)
    do("fail_work", ticket.public_id, facts={"reason": "not_ours"})
    assert now_of(ticket).close_code == "not_done"


@pytest.mark.parametrize(("who", "error"), [("bo", NotYourTicket)])
def test_only_who_has_the_ticket(lotus_db: Branch, who: str, error: type) -> None:
    ticket, photos = make_ticket(status="in_progress"), shown(who)
    with refused(error):
        do("fail_work", ticket.public_id, by=make.actor(who), facts={"reason": "refused", "photos": photos})


def test_not_before_somebody_is_there(lotus_db: Branch) -> None:
    ticket, photos = make_ticket(status="accepted"), shown()
    with refused(IllegalTransition):
        do("fail_work", ticket.public_id, facts={"reason": "refused", "photos": photos})


def test_sent_twice_it_ends_once(lotus_db: Branch, wu: Actor) -> None:
    ticket, photos = make_ticket(status="in_progress"), shown()
    told = {"public_id": ticket.public_id, "reason": "unsafe", "photos": photos, "by": wu}
    sent_twice(lambda once: services.fail_work(**told, key=once))
    assert ticket.history.filter(action="fail_work").count() == 1
