"""Reads of ticket types: the list of who keeps them, the form a reporter fills in, the versions and who made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F

from apps.tickets.errors import TypeNotFound
from apps.tickets.models import Ticket, TicketType, TypeVersion
from apps.tickets.permissions import TYPE_KEEPERS, TYPE_READERS
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.workflow import OPEN
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import Unauthenticated

OUTSIDE = ("customer", "anonymous")


@dataclass(frozen=True)
class TypeLine:
    """One type as its keeper sees it in the list: the version in force and how many tickets are open."""

    type: TicketType
    version: TypeVersion
    open_tickets: int


def type_lines(actor: Actor) -> list[TypeLine]:
    """Every type of the branch, switched off ones too, in their order. Two queries."""
    require(actor, TYPE_KEEPERS)
    counts = Ticket.objects.filter(status__in=OPEN).values("type_id").annotate(n=Count("id")).order_by()
    busy = dict(counts.values_list("type_id", "n"))
    return [TypeLine(one.type, one, busy.get(one.type_id, 0)) for one in _in_force().order_by(*_ORDER)]


def type_words() -> list[TicketType]:
    """Every type of the branch with its name, switched off ones too, in their order. One query."""
    return list(TicketType.objects.order_by("position", "id"))


def in_force() -> list[TypeVersion]:
    """What every type of the branch says now, switched off ones too, in their order. One query."""
    return list(_in_force().order_by(*_ORDER))


def forms_in_force(*, customer: bool = False) -> list[TypeVersion]:
    """The versions in force of what may be reported now, in the branch's order. One query."""
    rows = _in_force().filter(type__enabled=True)
    return list((rows.filter(type__customer_may_report=True) if customer else rows).order_by(*_ORDER))


def form_of(actor: Actor, code: str, number: int | None = None) -> TypeVersion:
    """A type's version for who fills in its form; customers know only what they may report. One query.

    An older `number` is for staff: tickets keep the version they were opened with. Raises TypeNotFound.
    """
    if actor.kind == "anonymous":
        raise Unauthenticated
    rows = TypeVersion.objects.select_related("type").filter(type__code=code)
    if actor.kind in OUTSIDE:
        rows, number = rows.filter(type__enabled=True, type__customer_may_report=True), None
    found = rows.filter(number=F("type__number") if number is None else number).first()
    if found is None:
        raise TypeNotFound
    return found


def versions_of(actor: Actor, code: str) -> list[TypeVersion]:
    """Every version of a type, newest first, with who published it and when. One query. Raises TypeNotFound."""
    require(actor, TYPE_READERS)
    found = list(TypeVersion.objects.select_related("type").filter(type__code=code).order_by("-number"))
    if not found:
        raise TypeNotFound
    return found


def finish_form(actor: Actor, public_id: str) -> Definition:
    """What the assignee's own ticket asks at completion; nothing of anybody else's. One query."""
    mine = Ticket.objects.select_related("type_version").filter(technician_id=actor.technician_id or 0)
    ticket = mine.filter(public_id=public_id).first()
    return ticket.type_version.definition if ticket else Definition()


def forms_by_id(ids: Iterable[int]) -> dict[int, Definition]:
    """What these versions say, by their id. One query, none for nothing."""
    return {pk: one.definition for pk, one in TypeVersion.objects.in_bulk(set(ids)).items()}


_ORDER: Sequence[str] = ("type__position", "type_id")


def _in_force():  # type: ignore[no-untyped-def]
    return TypeVersion.objects.select_related("type").filter(number=F("type__number"))
