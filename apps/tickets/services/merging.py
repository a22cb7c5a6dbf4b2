"""T23 merge, follow-ups and trips: tickets that belong together."""

from collections.abc import Sequence
from datetime import date

from apps.people import services as people
from apps.tickets.errors import IllegalTransition, MergeIntoItself, MergeIntoWhatIsOver, NotYourTicket
from apps.tickets.events import TicketAbsorbed, TicketMerged, TripChanged
from apps.tickets.models import Photo, Ticket, TicketLink, TripBundle
from apps.tickets.rules.workflow import HELD, TRANSITIONS, State
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.states import state_label
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

LINKS = ("follow_up", "related")


@command("tickets.merge")
def merge_ticket(*, public_id: str, master: str, version: int | None = None, by: Actor) -> Receipt:
    """T23: a second report of the same thing. Its words, photos, urges and the earlier report time go to the master.

    Its children that nobody accepted end with it. Raises MergeIntoItself (also for a child as the master),
    TicketNotFound, IllegalTransition, MergeIntoWhatIsOver, ChildrenTaken.
    """
    step.authorise(by, "merge")
    if public_id == master:
        raise MergeIntoItself
    children = orphans.names(parent__public_id=public_id)
    both = step.lock_tickets([public_id, master], by=by, action="merge", beside=children)
    ticket, kept = both[public_id], both[master]
    if kept.parent_id == ticket.pk:
        raise MergeIntoItself
    step.check_version(ticket, version)
    step.check_state(ticket, "merge")
    if kept.status not in TRANSITIONS["merge"].sources:
        raise MergeIntoWhatIsOver(number=kept.ticket_no)
    orphans.end_children(ticket, "void", by)
    _close_duplicate(ticket, kept, by)
    _absorb(ticket, kept, by)
    return step.receipt(ticket, master=kept.ticket_no)


def _close_duplicate(ticket: Ticket, kept: Ticket, by: Actor) -> None:
    step.end_assignment(ticket, "duplicate")
    before = step.move(
        ticket, "merge", State.VOID, closed_at=clock.now(), close_code="duplicate", merged_into_id=kept.pk
    )
    step.record(ticket, "merge", before, by, reason="duplicate", data={"into": kept.ticket_no})
    step.announce(TicketMerged, ticket, before, master_id=kept.pk)


def _absorb(ticket: Ticket, kept: Ticket, by: Actor) -> None:
    earliest = min(ticket.reported_at, kept.reported_at)
    words = kept.description
    if ticket.description and ticket.description not in words:
        words = f"{words}\n{ticket.description}".strip()[:500]
    Photo.objects.filter(ticket_id=ticket.pk, stage__in=("report", "added")).update(ticket_id=kept.pk)
    step.flag(kept, reported_at=earliest, description=words, urge_count=kept.urge_count + ticket.urge_count)
    told = {"number": ticket.ticket_no, "reported_at": earliest.isoformat()}
    step.record(kept, "merged", kept.status, by, data=told)
    step.announce(TicketAbsorbed, kept, kept.status)


@command("tickets.link")
def link_tickets(*, public_id: str, other: str, kind: str, by: Actor) -> Receipt:
    """Note that two tickets belong together: `follow_up` of, or just related. Once per pair and kind."""
    step.authorise(by, "merge")
    if public_id == other or kind not in LINKS:
        raise MergeIntoItself
    both = step.lock_tickets([public_id, other], by=by, action="merge")
    source, target = both[public_id], both[other]
    TicketLink.objects.get_or_create(
        source=source, target=target, kind=kind, defaults={"made_by": by.ref, "made_at": clock.now()}
    )
    return step.receipt(source, kind=kind)


@command("tickets.bundle")
def bundle_tickets(*, public_ids: Sequence[str], name: str, planned_for: date, by: Actor) -> Receipt:
    """A trip: tickets one technician has and drives to together; under the cap it counts as one.

    Raises NotYourTicket for a ticket of somebody else, TicketNotFound.
    """
    action = _trip_right(by)
    step.authorise(by, action)
    found = list(step.lock_tickets(public_ids, by=by, action=action).values())
    holder = found[0].technician_id
    strangers = [one for one in found if one.technician_id != holder or one.status not in HELD]
    if holder is None or strangers or not _may_plan_for(by, holder):
        raise NotYourTicket(holder=(strangers or found)[0].ticket_no)
    trip = TripBundle.objects.create(
        public_id=step.new_public_id(), name=name.strip()[:60], technician_id=holder, planned_for=planned_for,
        made_by=by.ref, made_at=clock.now(),
    )  # fmt: skip
    _enter(found, trip, holder, by)
    return Receipt("trip", trip.pk, trip.public_id, facts={"tickets": [one.ticket_no for one in found]})


@command("tickets.unbundle")
def unbundle_ticket(*, public_id: str, by: Actor) -> Receipt:
    """Take a ticket out of its trip; it counts by itself again. Raises NotYourTicket, IllegalTransition: what somebody
    has done or given away stays in the trip it was driven with, and takes no place under the cap."""
    action = _trip_right(by)
    step.authorise(by, action)
    ticket = step.lock_tickets([public_id], by=by, action=action)[public_id]
    if ticket.bundle_id is None or ticket.technician_id is None:
        return step.receipt(ticket)
    if not _may_plan_for(by, ticket.technician_id):
        raise NotYourTicket(holder=ticket.ticket_no)
    if ticket.status not in HELD:
        raise IllegalTransition(state=state_label(ticket.status))
    if step.trip_goes_on(ticket):
        people.take_slot(technician_id=ticket.technician_id, forced=True)
    step.flag(ticket, bundle_id=None)
    step.record(ticket, "bundle", ticket.status, by, data={"trip": ""})
    step.announce(TripChanged, ticket, ticket.status)
    return step.receipt(ticket)


def _trip_right(by: Actor) -> str:
    """A technician bundles what is theirs, the desk what it may dispatch."""
    return "contact" if by.technician_id else "dispatch"


def _may_plan_for(by: Actor, holder: int) -> bool:
    return by.technician_id in {None, holder}


def _enter(found: list[Ticket], trip: TripBundle, holder: int, by: Actor) -> None:
    """Each ticket leaves its own place under the cap, the trip takes one."""
    for ticket in found:
        if not step.trip_goes_on(ticket):
            people.free_slot(technician_id=holder)
        step.flag(ticket, bundle_id=trip.pk)
        step.record(ticket, "bundle", ticket.status, by, data={"trip": trip.name})
        step.announce(TripChanged, ticket, ticket.status)
    people.take_slot(technician_id=holder, forced=True)
