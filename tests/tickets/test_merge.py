"""T23 merge: two reports of one thing become one; the earlier report time wins and nothing said is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.tickets.errors import (
    IllegalTransition,
    MergeIntoItself,
    MergeIntoWhatIsOver,
    StaleVersion,
    TicketNotFound,
)
from apps.tickets.models import Assignment, Photo, Ticket, TicketLink
from apps.tickets.services import link_tickets, merge_ticket, upload_photo
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def merge(ticket: Ticket, into: str, **more: Any) -> None:
    do("merge", ticket.public_id, facts={"master": into}, **more)


def test_the_earlier_report_time_wins_whichever_is_kept(lotus_db: Branch) -> None:
    """domain.md §12 rule 8; the promise is counted from there."""
    with clock.frozen(BEGIN):
        early = make_ticket()
    with clock.frozen(BEGIN + timedelta(hours=2)):
        late = make_ticket()
        merge(early, late.public_id)
    kept = now_of(late)
    assert kept.reported_at == early.reported_at
    assert kept.resolve_due_at == early.resolve_due_at < late.resolve_due_at


def test_a_later_report_changes_no_promise(lotus_db: Branch) -> None:
    with clock.frozen(BEGIN):
        early = make_ticket()
    with clock.frozen(BEGIN + timedelta(hours=2)):
        late = make_ticket()
        merge(late, early.public_id)
    assert now_of(early).resolve_due_at == early.resolve_due_at


def test_words_photos_and_urges_go_to_the_one_that_is_kept(lotus_db: Branch) -> None:
    shot = upload_photo(content=make.picture(), stage="report", by=actor("cai"), key=key()).public_id
    kept, twin = (
        make_ticket(description="no light"),
        make_ticket(description="the children cannot learn", photos=(shot,)),
    )
    do("urge", twin.public_id)
    merge(twin, kept.public_id)
    found = now_of(kept)
    assert found.description == "no light\nthe children cannot learn" and found.urge_count == 1
    assert Photo.objects.get(public_id=shot).ticket_id == kept.pk
    assert (found.history.last().action, found.history.last().data["number"]) == ("merged", twin.ticket_no)


def test_the_other_one_is_void_as_a_duplicate_and_who_had_it_is_free(lotus_db: Branch, wu: Actor) -> None:
    kept, twin = make_ticket(), make_ticket(status="in_progress")
    merge(twin, kept.public_id)
    found = now_of(twin)
    assert (found.status, found.close_code, found.merged_into_id) == ("void", "duplicate", kept.pk)
    assert load_of(wu) == 0 and Assignment.objects.get(ticket=twin).end_reason == "duplicate"
    assert now_of(kept).status == "pooled"


def test_into_itself_into_what_is_over_and_into_nothing_it_is_refused(lotus_db: Branch, lin: Actor) -> None:
    ticket, other, over = make_ticket(), make_ticket(), make_ticket(status="closed")
    with refused(MergeIntoItself):
        merge(ticket, ticket.public_id)
    with refused(MergeIntoWhatIsOver, number=over.ticket_no):
        merge(ticket, over.public_id)
    with refused(IllegalTransition):
        merge(over, ticket.public_id)
    with refused(TicketNotFound):
        merge(ticket, "nonsense")
    with refused(StaleVersion):
        merge(ticket, other.public_id, version=7)


@pytest.mark.parametrize("who", ["wu", "cai", "yun"])
def test_the_field_and_the_counter_do_not_merge(lotus_db: Branch, who: str) -> None:
    ticket, kept = make_ticket(), make_ticket()
    with refused(NotAllowed):
        merge(ticket, kept.public_id, by=actor(who))


def test_sent_twice_it_is_merged_once(lotus_db: Branch, lin: Actor) -> None:
    ticket, kept = make_ticket(description="x"), make_ticket(description="y")
    sent_twice(lambda once: merge_ticket(public_id=ticket.public_id, master=kept.public_id, by=lin, key=once))
    assert now_of(kept).description == "y\nx"


def test_a_follow_up_is_noted_once_per_pair_and_kind(lotus_db: Branch, lin: Actor) -> None:
    first, second = make_ticket(status="closed"), make_ticket()
    for kind in ("follow_up", "follow_up", "related"):
        link_tickets(public_id=second.public_id, other=first.public_id, kind=kind, by=lin, key=key())
    assert sorted(TicketLink.objects.values_list("kind", flat=True)) == ["follow_up", "related"]
    with refused(MergeIntoItself):
        link_tickets(public_id=first.public_id, other=first.public_id, kind="related", by=lin, key=key())
    with refused(MergeIntoItself):
        link_tickets(public_id=first.public_id, other=second.public_id, kind="cousin", by=lin, key=key())


def test_the_other_branchs_ticket_is_no_master(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    with in_branch(maple.tenant):
        own = make_ticket()
        with refused(TicketNotFound):
            merge_ticket(public_id=own.public_id, master=ticket.public_id, by=maple.lin, key=key())


def test_the_screens_are_told_of_both(lotus_db: Branch) -> None:
    ticket, kept = make_ticket(), make_ticket()
    merge(ticket, kept.public_id)
    told = {one.public_id: one.kind for one in make.events()[-2:]}
    assert told == {ticket.public_id: "ticket.merged", kept.public_id: "ticket.absorbed"}
