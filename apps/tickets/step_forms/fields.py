"""Fields that several steps share, and what there is to choose from in this branch."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from apps.people import selectors as people
from apps.tickets import selectors
from apps.tickets.errors import NoSuchNumber
from apps.tickets.models import Assignment
from apps.tickets.rules.workflow import HELD, OPEN
from apps.tickets.selectors import TicketView
from apps.tickets.services.departments import RECEIVERS
from apps.tickets.services.extras import open_charges
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.ui.formatting import money

if TYPE_CHECKING:
    from apps.people.models import OrgUnit
    from apps.tickets.models import Ticket

SLOTS = ((8, 10), (10, 12), (12, 14), (14, 16), (16, 18), (18, 20))
DAYS_AHEAD = 7


def choice(label: Any, **more: Any) -> forms.ChoiceField:
    """A list to choose from; filled when the form is made."""
    return forms.ChoiceField(label=label, **more)


def words(label: Any, *, most: int = 300, required: bool = True, rows: int = 3) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )  # fmt: skip


def sent_photos(form: forms.Form) -> None:
    """The field `photos` takes the names that came with this form."""
    sent = form.data.getlist("photos") if hasattr(form.data, "getlist") else []
    form.fields["photos"].choices = [(name, name) for name in sent[:9]]  # type: ignore[attr-defined]


def moment(label: Any) -> forms.DateTimeField:
    """Day and time, as the browser's own picker sends it; the branch's time of day."""
    shown = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=shown, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


def days() -> list[tuple[str, str]]:
    """Today and the week ahead."""
    today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
    ahead = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    return [(day.isoformat(), _day_word(day, today)) for day in ahead]


def _day_word(day: date, today: date) -> str:
    named = {0: _("Today"), 1: _("Tomorrow")}.get((day - today).days)
    return str(named) if named else formats.date_format(day, "MONTH_DAY_FORMAT")


def slots() -> list[tuple[str, str]]:
    """The two hours somebody comes in."""
    return [(f"{start}-{end}", f"{start}:00–{end}:00") for start, end in SLOTS]


def slot_of(day: str, slot: str) -> tuple[datetime, datetime]:
    """The chosen slot as two moments of the branch's day."""
    start, end = (int(hour) for hour in slot.split("-"))
    on = date.fromisoformat(day)
    return _at(on, start), _at(on, end)


def next_morning() -> datetime:
    """Tomorrow when the work begins."""
    tomorrow = clock.now().astimezone(clock.BUSINESS_ZONE).date() + timedelta(days=1)
    return _at(tomorrow, 9)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.BUSINESS_ZONE)


def units(ticket_path: str = "") -> list[tuple[str, str]]:
    """Every node that can have a queue, but the one the ticket is in. One query."""
    found = [unit for unit in people.org_tree() if unit.kind in RECEIVERS and unit.path != ticket_path]
    return [(unit.code, _unit_word(unit)) for unit in found]


def _unit_word(unit: "OrgUnit") -> str:
    return unit.name if unit.kind != "grid" or unit.parent is None else f"{unit.parent.name} · {unit.name}"


def types(*, without: int = 0) -> list[tuple[str, str]]:
    """The enabled ticket types. One query."""
    return [(one.code, one.name) for one in selectors.ticket_types() if one.pk != without]


def technicians(view: TicketView, *, limit: int = 8) -> list[tuple[str, str]]:
    """Who else could go, the fittest first. One or two queries."""
    found = selectors.suggestions(view.ticket, limit=limit + 1)
    others = [one.person for one in found if one.person.technician_id != view.ticket.technician_id]
    return [(str(one.technician_id), one.name) for one in others[:limit]]


def unsettled(ticket_id: int) -> list[tuple[str, str]]:
    """Charges without a receipt. One query."""
    return [(str(one.pk), f"{one.name} · {money(one.amount_fen)}") for one in open_charges(ticket_id)]


def helpers(ticket_id: int) -> list[tuple[str, str]]:
    """Who else has a share, with it. One query."""
    rows = Assignment.objects.filter(ticket_id=ticket_id, role="assist", ended_at__isnull=True).order_by("id")
    named = rows.values_list("technician_id", "technician__user__name", "share_pct")
    return [(str(pk), f"{name} · {share} %") for pk, name, share in named]


def companions(view: TicketView, actor: Actor) -> list[tuple[str, str]]:
    """What else the same technician has; a ticket of another trip leaves it. One query."""
    rows = selectors.visible_tickets(actor).select_related("bundle").filter(
        technician_id=view.ticket.technician_id or 0, status__in=HELD
    )  # fmt: skip
    others = rows.exclude(id=view.ticket.pk).order_by("coarse_address", "id")[:50]
    return [(one.public_id, _companion_word(one)) for one in others]


def _companion_word(ticket: "Ticket") -> str:
    trip = ticket.bundle.name if ticket.bundle else ""
    return " · ".join(part for part in (ticket.ticket_no, ticket.type.name, ticket.coarse_address, trip) if part)


def incidents(actor: Actor) -> list[tuple[str, str]]:
    """Network incidents that are open. One query."""
    rows = selectors.visible_tickets(actor).filter(is_incident=True, status__in=OPEN).order_by("-reported_at")[:20]
    return [(one.public_id, f"{one.ticket_no} · {one.coarse_address}") for one in rows]


def named(actor: Actor, field: str, text: str) -> str:
    """The public id behind a ticket's number as people write it: in full, or as lists and pages show it, 812.

    Raises NoSuchNumber, which names the field. One query.
    """
    plain = text.strip()
    wanted = Q(ticket_no=plain.upper()) | Q(public_id=plain)
    if plain.isascii() and plain.isdecimal() and len(plain) <= 9:
        wanted |= Q(pk=int(plain))
    found = selectors.visible_tickets(actor).filter(wanted).values_list("public_id", flat=True).first()
    if found is None:
        raise NoSuchNumber({field: [str(NoSuchNumber.message)]})
    return found
