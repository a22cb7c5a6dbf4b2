"""Ticket types: publish a version, switch on and off, put in order. The branch administrator's, for the whole branch.

Who, when and what stand in the audit of each command; the versions themselves are kept for ever, because tickets
keep the one they were opened with.
"""

from collections.abc import Mapping
from typing import Any

from apps.people import selectors as people_reads
from apps.tickets.errors import BadType, TypeCodeTaken, TypeMoved, TypeNotFound
from apps.tickets.models import TicketType, TypeVersion
from apps.tickets.permissions import TYPE_KEEPERS
from apps.tickets.rules.bodies import body_complaints, face_complaints, tidied
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.judging import Complaint
from apps.tickets.wording import sentences
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

STEP = 10
FACE: dict[str, Any] = {"name_en": "", "customer_may_report": False, "note": ""}


@command("tickets.publish_type")
def publish_type(
    *, code: str, number: int, face: Mapping[str, Any], definition: Mapping[str, Any], by: Actor
) -> Receipt:  # fmt: skip
    """A new version of a type, or with `number` 0 a new type. Tickets that are there keep the version they have.

    `face`: what lists show of it, and a `note` on the change. `number`: the version one has seen.
    Raises BadType, TypeCodeTaken, TypeNotFound, TypeMoved. Locks: the type.
    """
    _check_keeper(by)
    shown, said = _checked(code, face, definition)
    kind = _new(code, shown) if number == 0 else _locked(code)
    _check_number(kind, number)
    _check_queue(kind, said)

    version = _write(kind, said, str(shown.pop("note")), by)
    TicketType.objects.filter(id=kind.pk).update(number=version.number, **shown)
    return Receipt("ticket_type", kind.pk, code, version.number, {"code": code, "number": version.number})


@command("tickets.enable_type")
def enable_type(*, code: str, enabled: bool, by: Actor) -> Receipt:
    """Offer a type for new tickets, or no longer. Tickets of it go on as they are. Raises TypeNotFound."""
    _check_keeper(by)
    kind = _locked(code)
    TicketType.objects.filter(id=kind.pk).update(enabled=enabled)
    return Receipt("ticket_type", kind.pk, code, kind.number, {"code": code, "enabled": enabled})


@command("tickets.move_type")
def move_type(*, code: str, before: str, by: Actor) -> Receipt:
    """Put a type before another in every list; with an empty `before` last. Raises TypeNotFound. Locks: all types."""
    _check_keeper(by)
    rows = TicketType.objects.select_for_update(no_key=True).order_by("id")
    order = [one.code for one in sorted(rows, key=lambda one: (one.position, one.pk))]
    if code not in order or (before and before not in order):
        raise TypeNotFound
    if code != before:
        order.remove(code)
        order.insert(order.index(before) if before else len(order), code)
    for place, one in enumerate(order, start=1):
        TicketType.objects.filter(code=one).exclude(position=place * STEP).update(position=place * STEP)
    kind = next(one for one in rows if one.code == code)
    return Receipt("ticket_type", kind.pk, code, kind.number, {"code": code, "place": order.index(code) + 1})


def _check_keeper(by: Actor) -> None:
    """Types are the whole branch's: the role held at one of its units is not enough."""
    require(by, TYPE_KEEPERS)
    if by.kind != "system" and not any(path.count("/") == 2 for path in by.scopes(TYPE_KEEPERS)):
        raise NotAllowed


def _checked(code: str, face: Mapping[str, Any], definition: Mapping[str, Any]) -> tuple[dict[str, Any], Definition]:
    """Face and definition in order, or every part that is not. No query."""
    shown, body = FACE | tidied(face), tidied(definition)
    shown.setdefault("family", code.partition("_")[0][:20])
    wrong = [*face_complaints({**shown, "code": code}), *_below("definition", body_complaints(body))]
    if wrong:
        raise BadType(sentences(wrong))
    return shown, Definition.read(body)


def _below(where: str, found: list[Complaint]) -> list[Complaint]:
    return [Complaint(f"{where}.{one.path}", one.rule, one.limit) for one in found]


def _locked(code: str) -> TicketType:
    kind = TicketType.objects.select_for_update(no_key=True).filter(code=code).first()
    if kind is None:
        raise TypeNotFound
    return kind


def _new(code: str, shown: Mapping[str, Any]) -> TicketType:
    """The row of a new type, behind all others. Two who make it at once: the second finds it taken."""
    last = TicketType.objects.order_by("-position").values_list("position", flat=True).first() or 0
    face = {name: value for name, value in shown.items() if name != "note"}
    TicketType.objects.bulk_create([TicketType(code=code, position=last + STEP, **face)], ignore_conflicts=True)
    return _locked(code)


def _check_number(kind: TicketType, number: int) -> None:
    if kind.number == number:
        return
    if number == 0:
        raise TypeCodeTaken({"code": [str(TypeCodeTaken.message)]})
    newest = TypeVersion.objects.get(type=kind, number=kind.number)
    raise TypeMoved(name=newest.published_by_name or newest.published_by, number=kind.number)


def _check_queue(kind: TicketType, said: Definition) -> None:
    """The first queue is a department of this branch; a template's own, which is not here yet, may stay."""
    if not said.first_queue:
        return
    unit = people_reads.unit_by_code(said.first_queue)
    was = TypeVersion.objects.filter(type=kind, number=kind.number, body__first_queue=said.first_queue)
    if (unit is None or unit.kind != "department") and not was.exists():
        raise BadType(sentences([Complaint("definition.first_queue", "no_queue")]))


def _write(kind: TicketType, said: Definition, note: str, by: Actor) -> TypeVersion:
    return TypeVersion.objects.create(
        type=kind, number=kind.number + 1, body=said.write(), skills=list(said.skills), published_at=clock.now(),
        published_by=by.ref, published_by_name=by.name, note=note,
    )  # fmt: skip
