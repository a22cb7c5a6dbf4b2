"""公平: who grabbed what in a period, near or far, easy or hard, who gave back, who had to be sent."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from apps.people import selectors as people
from apps.tickets.models import Assignment, GrabAttempt, TicketEvent, TicketRequest
from apps.tickets.permissions import FAIRNESS_READERS
from apps.tickets.rules.comparing import Comparison, Tally, Took, compare
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require

if TYPE_CHECKING:
    from apps.people.models import OrgUnit, Technician

Noted = dict[int, dict[str, int]]
DAYS = 30


@dataclass(frozen=True)
class Wanted:
    """The days, both included, and the node (by its code; empty: all that the reader may see)."""

    first: date
    last: date
    unit: str = ""

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, in the branch."""
        begin = datetime.combine(self.first, time(), clock.BUSINESS_ZONE)
        return begin, datetime.combine(self.last + timedelta(days=1), time(), clock.BUSINESS_ZONE)


@dataclass(frozen=True)
class Line:
    """One technician with the unit they stand in."""

    name: str
    unit: str
    tally: Tally


@dataclass(frozen=True)
class Fairness:
    """What the page shows."""

    lines: list[Line]
    total: Tally
    average: Decimal
    units: "list[OrgUnit]"


def lately() -> Wanted:
    """The last thirty days."""
    today = date.fromisoformat(clock.today())
    return Wanted(today - timedelta(days=DAYS - 1), today)


def fairness_for(actor: Actor, wanted: Wanted) -> Fairness:
    """Technicians at or below the reader's node, compared. Seven queries. Raises NotAllowed."""
    require(actor, FAIRNESS_READERS)
    units = _units(actor)
    crew = _crew(actor, units, wanted.unit)
    found = _compared(crew, wanted.span)
    lines = [
        Line(one.user.name, one.org_unit.name, found.lines.get(one.pk, Tally()))
        for one in crew.values()
        if one.user.is_active or one.pk in found.lines
    ]
    return Fairness(lines, found.total, found.average, units)


def _units(actor: Actor) -> "list[OrgUnit]":
    paths = actor.scopes(FAIRNESS_READERS)
    return [one for one in people.org_tree() if one.path.startswith(tuple(paths)) and one.kind != "branch"]


def _crew(actor: Actor, units: "list[OrgUnit]", code: str) -> "dict[int, Technician]":
    """Who is compared: below the chosen node, or below any the reader has."""
    chosen = [one.path for one in units if one.code == code]
    paths = tuple(chosen) if code else tuple(actor.scopes(FAIRNESS_READERS))
    return {one.pk: one for one in people.crew_below(paths)}


def _compared(crew: "dict[int, Technician]", span: tuple[datetime, datetime]) -> Comparison:
    noted: Noted = defaultdict(lambda: defaultdict(int))
    refs = {f"staff:{one.user_id}": one.pk for one in crew.values()}
    for technician_id, name, n in (*_given_back(span), *_lost(span), *_held(span, refs), *_bonuses(span, refs)):
        if technician_id in crew:
            noted[technician_id][name] += n
    return compare((one for one in _taken(span) if one.technician_id in crew), noted)


def _taken(span: tuple[datetime, datetime]) -> Iterator[Took]:
    """What was grabbed, and what somebody was sent to. What they entered themselves or had to go back to is neither."""
    points = KeyTextTransform("base_points", "ticket__type_version__body")
    rows = Assignment.objects.filter(role="main", started_at__gte=span[0], started_at__lt=span[1])
    rows = rows.filter(mode__in=("grab", "dispatch"))
    grouped = rows.values_list("technician_id", "mode", "ticket__area_class", points).annotate(n=Count("id"))
    for technician_id, mode, area, worth, n in grouped.order_by():
        yield Took(technician_id, mode == "grab", area, Decimal(worth or 0), n)


def _given_back(span: tuple[datetime, datetime]) -> Iterator[tuple[int, str, int]]:
    """Returned (because of silence: apart) and declined, by who did it."""
    who = Cast(KeyTextTransform("technician_id", "data"), IntegerField())
    rows = TicketEvent.objects.filter(action__in=["return", "decline"], at__gte=span[0], at__lt=span[1])
    silent = Count("id", filter=Q(reason="no_contact"))
    grouped = rows.annotate(who=who).values_list("who", "action").annotate(n=Count("id"), silent=silent)
    for technician_id, action, n, quiet in grouped.order_by():
        yield technician_id, "declined" if action == "decline" else "returned", n
        yield technician_id, "silent", quiet


def _lost(span: tuple[datetime, datetime]) -> Iterator[tuple[int, str, int]]:
    rows = GrabAttempt.objects.filter(at__gte=span[0], at__lt=span[1]).exclude(outcome="won")
    for technician_id, n in rows.values_list("technician_id").annotate(n=Count("id")).order_by():
        yield technician_id, "lost", n


def _held(span: tuple[datetime, datetime], refs: dict[str, int]) -> Iterator[tuple[int, str, int]]:
    """Put on hold because they asked for it, by who asked."""
    rows = TicketRequest.objects.filter(kind="hold", state="approved", requested_by__in=refs)
    rows = rows.filter(requested_at__gte=span[0], requested_at__lt=span[1])
    for actor, n in rows.values_list("requested_by").annotate(n=Count("id")).order_by():
        yield refs[actor], "held", n


def _bonuses(span: tuple[datetime, datetime], refs: dict[str, int]) -> Iterator[tuple[int, str, int]]:
    """What waiting brought, from the history: the grab says what was fixed."""
    pct: Any = Cast(KeyTextTransform("waiting_bonus_pct", "data"), IntegerField())
    rows = TicketEvent.objects.filter(action="grab", at__gte=span[0], at__lt=span[1], data__has_key="waiting_bonus_pct")
    for actor, total in rows.values_list("actor").annotate(total=Sum(pct)).order_by():
        if actor in refs:
            yield refs[actor], "bonus", total
