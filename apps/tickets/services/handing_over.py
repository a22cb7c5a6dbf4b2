"""T8b: another branch takes the case (domain.md §3.6). Here the source: asked for, agreed, withdrawn, gone.

Headquarters' room routes it and drives both sides; what the target does stands in services/arrivals.py.
"""

from typing import Any

from apps.tickets.errors import ArrivalNotFound, HandOverOver, HandOverRuns, UnknownBranch
from apps.tickets.events import HandOverAgreed, HandOverWithdrawn, TicketHandedOver
from apps.tickets.models import Departure, Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.services.children import check_children
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import other_branches


@command("tickets.hand_over")
def hand_over_ticket(*, public_id: str, link_id: str, reason: str, by: Actor) -> Receipt:
    """The source closes as transferred; no callback, no reopening. By the system, after both branches approved.

    Its optional children that nobody accepted end with it, what is worked on goes on here. Raises ChildrenOpen,
    IllegalTransition when the ticket ended meanwhile, HandOverOver when the branch kept it after all.
    """
    step.authorise(by, "hand_over")
    step.check_reason("hand_over", reason)
    if (gone := Departure.objects.filter(link_id=link_id, state="gone").select_related("ticket").first()) is not None:
        return step.receipt(gone.ticket, link=link_id)
    ticket = step.lock_ticket(
        public_id, by=by, action="hand_over", also=orphans.holders(parent__public_id=public_id)
    )  # fmt: skip
    leaving = _leaving(link_id, ticket)
    check_children(ticket)
    orphans.end_waiting(ticket, by)
    step.end_assignment(ticket, reason)
    before = step.move(ticket, "hand_over", State.CLOSED, closed_at=clock.now(), close_code="transferred")
    step.record(ticket, "hand_over", before, by, reason=reason, data={"link": link_id})
    _end(leaving, "gone")
    step.announce(TicketHandedOver, ticket, before, link_id=link_id)
    return step.receipt(ticket, link=link_id)


def _leaving(link_id: str, ticket: Ticket) -> Departure | None:
    """What was agreed of the locked ticket, locked after it as a withdrawal locks it: one of the two finds the other.

    Raises HandOverOver for what was withdrawn or came to nothing.
    """
    found = Departure.objects.select_for_update().filter(link_id=link_id, ticket_id=ticket.pk).first()
    if found is not None and found.state != "waiting":
        raise HandOverOver
    return found


def check_hand_over(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """Not on its way already, nothing of it open elsewhere, and the branch, if one is named, is another one of ours.

    The case gets the name here that both branches and headquarters know it by, so that it can be followed at once.

    Raises HandOverRuns, ChildrenOpen, UnknownBranch. Three queries.
    """
    if Departure.objects.filter(ticket_id=ticket.pk, state="waiting").exists():
        raise HandOverRuns
    check_children(ticket)
    wish = str(asked.get("branch", ""))
    named = next((one for one in other_branches() if one.code == wish), None)
    if wish and named is None:
        raise UnknownBranch({"branch": [str(UnknownBranch.message)]})
    return {"branch": wish, "branch_name": named.name if named else "", "link": step.new_public_id()}


def let_go(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """The branch would let it go. The ticket stays as it is and can be worked on; headquarters hears of it."""
    link = str(asked.get("link") or step.new_public_id())  # what was asked before it got a name gets one now
    Departure.objects.create(
        link_id=link, ticket_id=ticket.pk, reason=reason, wish=asked["branch"], approved_by=by.ref,
        approved_by_name=by.name, approved_at=clock.now(),
    )  # fmt: skip
    before = step.stay(ticket, "let_go")
    step.record(ticket, "let_go", before, by, reason=reason, data={**asked, "link": link})
    step.announce(HandOverAgreed, ticket, before, link_id=link, wish=asked["branch"])


@command("tickets.withdraw_hand_over")
def withdraw_hand_over(*, link_id: str, by: Actor) -> Receipt:
    """The case stays here after all, as long as it has not gone. Raises ArrivalNotFound, HandOverOver."""
    step.authorise(by, "request_hand_over")
    seen = Departure.objects.filter(link_id=link_id).select_related("ticket").first()
    if seen is None or not step.in_scope(by, "request_hand_over", seen.ticket):
        raise ArrivalNotFound
    ticket = step.lock_ticket(seen.ticket.public_id, by=by, action="request_hand_over")
    departure = Departure.objects.select_for_update().get(pk=seen.pk)
    if departure.state != "waiting":
        raise HandOverOver
    _end(departure, "withdrawn")
    before = step.flag(ticket)
    step.record(ticket, "keep_ticket", before, by, data={"link": link_id})
    step.announce(HandOverWithdrawn, ticket, before, link_id=link_id)
    return step.receipt(ticket, link=link_id)


@command("tickets.end_departure")
def end_departure(*, link_id: str, state: str, answer: str = "", by: Actor) -> Receipt:
    """It came to nothing: refused by the other side or headquarters, or overtaken by the ticket. By the system; the
    first word counts, and the answer says which it was."""
    if by.kind != "system":
        raise NotAllowed
    found = Departure.objects.select_for_update().filter(link_id=link_id).first()
    if found is None:
        raise ArrivalNotFound
    if found.state == "waiting":
        _end(found, state, answer[:300])
    return Receipt("departure", found.pk, link_id, facts={"state": found.state, "answer": found.answer})


@command("tickets.note_new_number")
def note_new_number(*, link_id: str, branch: str, ticket_no: str, by: Actor) -> Receipt:
    """Under which number the case goes on, and where: what the customer is told here. By the system."""
    if by.kind != "system":
        raise NotAllowed
    Departure.objects.filter(link_id=link_id).update(went_to=branch, new_ticket_no=ticket_no)
    return Receipt("departure", 0, link_id)


def _end(departure: Departure | None, state: str, answer: str = "") -> None:
    if departure is not None:
        departure.state, departure.ended_at, departure.answer = state, clock.now(), answer
        departure.save(update_fields=["state", "ended_at", "answer"])
