"""What waits for somebody's decision, and who may decide it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket, TicketRequest, TicketType
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import REQUESTS
from apps.tickets.selectors import TicketView, view_of, visible_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.db import rows_of

MOST = 100
# The kind of a request is the step it asks for; these are decided where the ticket shall go.
BY_RECEIVER = "transfer"
# `_decides`, counted. Planned once: from models it took a tenth of the page it stands on.
_WAITING = f"""
SELECT count(DISTINCT r.id) FROM tickets_ticketrequest r JOIN tickets_ticket t ON t.id = r.ticket_id
  JOIN unnest(%s::text[], %s::text[]) AS mine (kind, path) ON mine.kind = r.kind
   AND starts_with(CASE r.kind WHEN '{BY_RECEIVER}' THEN r.asked->>'path' ELSE t.org_path END, mine.path)
 WHERE r.state = 'pending' AND r.requested_by <> %s
"""  # noqa: S608 (a constant)


@dataclass(frozen=True)
class Waiting:
    """A request and its ticket. `mine`: the reader asked for it and can only take it back."""

    request: TicketRequest
    view: TicketView
    mine: bool


def pending_of(ticket: Ticket) -> TicketRequest | None:
    """What is asked for at this ticket. One query, none where nothing is."""
    if not ticket.pending_request:
        return None
    return TicketRequest.objects.filter(ticket_id=ticket.pk, state="pending").first()


def pause_to_agree(ticket: Ticket) -> datetime | None:
    """Until when somebody asks to leave the work for the customer's own sake: the customer may agree to that.

    One query where a pause is asked for, none where not.
    """
    asked = pending_of(ticket) if ticket.pending_request == "hold" else None
    if asked is None or asked.asked.get("hold_class") != "customer":
        return None
    until = datetime.fromisoformat(asked.asked["resume_at"])
    return until if until > clock.now() else None


def may_decide(actor: Actor, request: TicketRequest, ticket: Ticket) -> bool:
    """Is it this person's to approve or refuse? Nobody decides their own. No query."""
    path = request.asked.get("path", "") if request.kind == BY_RECEIVER else ticket.org_path
    reach = actor.scopes(ACTIONS[request.kind])
    return request.requested_by != actor.ref and any(path.startswith(own) for own in reach)


def waiting_for(actor: Actor) -> list[Waiting]:
    """What this person can decide, and what they asked for themselves; the oldest first. One query."""
    rows = TicketRequest.objects.filter(_decides(actor) | Q(requested_by=actor.ref), state="pending")
    related = ("ticket__type", "ticket__grid", "ticket__technician__user")
    found = rows.select_related(*related).order_by("requested_at", "id")[:MOST]
    return [Waiting(one, view_of(actor, one.ticket), one.requested_by == actor.ref) for one in found]


def types_named(requests: Iterable[TicketRequest]) -> dict[str, str]:
    """The names of the types that are asked for, by code. One query, none where no type is."""
    codes = {one.asked["type_code"] for one in requests if "type_code" in one.asked}
    return {one.code: one.name for one in TicketType.objects.filter(code__in=codes)} if codes else {}


def how_many_wait_for(actor: Actor) -> int:
    """How many requests this person can decide: it stands on every page. One query, none for who decides nothing."""
    mine = [(kind, path) for kind in REQUESTS for path in actor.scopes(ACTIONS[kind])]
    if not mine:
        return 0
    kinds, paths = map(list, zip(*mine, strict=True))
    number: int = rows_of(_WAITING, kinds, paths, actor.ref)[0][0]
    return number


def _decides(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for kind in REQUESTS:
        column = "asked__path" if kind == BY_RECEIVER else "ticket__org_path"
        for path in actor.scopes(ACTIONS[kind]):
            found |= Q(kind=kind) & Q(**{f"{column}__startswith": path})
    return found


def ticket_to_decide(actor: Actor, public_id: str) -> TicketView:
    """A ticket the person sees, or one that shall come to them. Raises TicketNotFound. At most two queries."""
    ticket = visible_tickets(actor).select_related("type_version").filter(public_id=public_id).first()
    if ticket is not None:
        return view_of(actor, ticket)
    asked = TicketRequest.objects.filter(_decides(actor), state="pending", ticket__public_id=public_id)
    request = asked.select_related("ticket__type", "ticket__type_version", "ticket__technician__user").first()
    if request is None:
        raise TicketNotFound
    return TicketView(request.ticket, reveal=False)
