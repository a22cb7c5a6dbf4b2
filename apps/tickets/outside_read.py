"""One ticket for eyes outside its branch: no name, no door, a phone with stars, nothing that somebody wrote.

What leaves is a row of its own and never the model, so that no page can show more. The caller stands in the branch
and writes the look into its audit (apps/headquarters/services/looking.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from apps.tickets import labels, selectors
from apps.tickets.clock_read import clocks_of
from apps.tickets.clock_words import ClockLine, clock_lines
from apps.tickets.errors import TicketNotFound
from apps.tickets.labels import word
from apps.tickets.models import Assignment, Ticket
from apps.tickets.permissions import OUTSIDERS
from apps.tickets.records_read import CHANNELS
from apps.tickets.rules.workflow import OPEN
from apps.tickets.sentences import Names
from apps.tickets.timeline import Step, steps_of
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.ui import formatting


@dataclass(frozen=True)
class Moments:
    """When what happened; None: not yet."""

    reported_at: datetime
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None
    promised_at: datetime | None


@dataclass(frozen=True)
class MaskedTicket:
    """A ticket as headquarters may know it. `late`: the clocks that have run out."""

    id: int
    public_id: str
    ticket_no: str
    status: str
    kind: str
    priority: int
    channel: str
    area_class: str
    place: str
    grid: str
    phone: str
    technician: str
    late: tuple[str, ...]
    urged: int
    score: int | None
    moments: Moments
    steps: tuple[Step, ...]
    clocks: tuple[ClockLine, ...]

    @property
    def open(self) -> bool:
        return self.status in OPEN


def masked_ticket(actor: Actor, public_id: str) -> MaskedTicket:
    """The ticket of the branch we stand in. Six queries. Raises NotAllowed, TicketNotFound."""
    _outsider(actor)
    rows = Ticket.objects.select_related("type", "type_version", "grid", "technician__user")
    ticket = rows.filter(public_id=public_id).first()
    if ticket is None:
        raise TicketNotFound
    history = selectors.history(ticket)
    crew = Assignment.objects.filter(ticket_id=ticket.pk).values_list("technician_id", "technician__user__name")
    clocks = clocks_of(ticket, history, reveal=False)
    names = Names(dict(crew), {})
    return _masked(ticket, tuple(steps_of(history, reveal=False, names=names)), tuple(clock_lines(clocks)))


def _masked(ticket: Ticket, steps: tuple[Step, ...], clocks: tuple[ClockLine, ...]) -> MaskedTicket:
    return MaskedTicket(
        ticket.pk, ticket.public_id, ticket.ticket_no, ticket.status,
        ticket.type.name, ticket.priority, word(CHANNELS, ticket.channel),
        ticket.area_class, ticket.coarse_address, ticket.grid.name if ticket.grid else "",
        formatting.mask_phone(ticket.contact_phone), ticket.technician.user.name if ticket.technician else "",
        tuple(word(labels.CLOCKS, name) for name in ticket.overdue_clocks), ticket.urge_count, ticket.satisfaction,
        Moments(
            ticket.reported_at, ticket.accepted_at, ticket.arrived_at, ticket.finished_at, ticket.closed_at,
            ticket.resolve_due_at,
        ),
        steps, clocks,
    )  # fmt: skip


def numbered(actor: Actor, number: str) -> list[int]:
    """The ids of the branch's ticket of this number; at most one. One query. Raises NotAllowed."""
    _outsider(actor)
    return list(Ticket.objects.filter(ticket_no=number.upper()).values_list("pk", flat=True))


def numbers_of(actor: Actor, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Public id and number by id. One query, none for nobody. Raises NotAllowed."""
    _outsider(actor)
    if not ids:
        return {}
    rows = Ticket.objects.filter(pk__in=ids).values_list("pk", "public_id", "ticket_no")
    return {pk: (public_id, number) for pk, public_id, number in rows}


def _outsider(actor: Actor) -> None:
    if actor.kind != "hq" or not actor.holds(*OUTSIDERS):
        raise NotAllowed
