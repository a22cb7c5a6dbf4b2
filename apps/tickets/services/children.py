"""T25 child tickets: several departments work on one case. Two levels, one callback, at the parent."""

from dataclasses import asdict
from typing import Any

from apps.people import selectors as people_reads
from apps.tickets.errors import ChildrenOpen, TooDeep, UnknownType, UnknownUnit
from apps.tickets.events import ChildSpawned, TicketOpened
from apps.tickets.models import Ticket, TicketType, TypeVersion
from apps.tickets.rules.clocks import Step
from apps.tickets.rules.workflow import FINAL, State
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import _steps as step
from apps.tickets.services.numbers import next_id, number_of
from apps.tickets.services.waves import push_wave
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

COPIED = (
    "customer_id", "contact_name", "contact_phone", "address", "coarse_address", "lat", "lng", "datum_in",
    "location_source", "area_class", "grid_id", "account_no", "node_code", "priority",
)  # fmt: skip


@command("tickets.spawn_child")
def spawn_child(
    *, public_id: str, type_code: str, unit: str, mandatory: bool, reason: str, version: int | None = None, by: Actor
) -> Receipt:
    """T25: a department gets its own ticket of this case; a mandatory one must end before the parent can.

    Raises TooDeep, UnknownType, UnknownUnit. Locks: the parent's technician, the parent.
    """
    step.authorise(by, "spawn_child")
    ticket = step.lock_ticket(public_id, by=by, action="spawn_child", version=version)
    asked = check_child(ticket, {"type_code": type_code, "unit": unit, "mandatory": mandatory})
    child = spawn(ticket, asked, by=by, reason=reason)
    return step.receipt(ticket, child=child.public_id, child_no=child.ticket_no)


def check_child(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """A type in force, a unit that works, and not a grandchild. Raises TooDeep, UnknownType, UnknownUnit."""
    if ticket.parent_id is not None:
        raise TooDeep
    if not TicketType.objects.filter(code=asked.get("type_code", ""), enabled=True).exists():
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    unit = people_reads.unit_by_code(str(asked.get("unit", "")))
    if unit is None or unit.kind == "branch":
        raise UnknownUnit({"unit": [str(UnknownUnit.message)]})
    return {
        "type_code": asked["type_code"], "unit": unit.code, "unit_id": unit.pk, "name": unit.name,
        "mandatory": bool(asked.get("mandatory", True)), "note": str(asked.get("note", ""))[:500],
    }  # fmt: skip


def spawn(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> Ticket:
    """The child stands in its unit's pool. The caller has locked the parent."""
    child = _born(ticket, asked, by, reason)
    before = step.stay(ticket, "spawn_child")
    step.record(ticket, "spawn_child", before, by, reason=reason, data={"child": child.ticket_no, **asked})
    step.announce(ChildSpawned, ticket, before, child_id=child.pk)
    return child


def _born(parent: Ticket, asked: dict[str, Any], by: Actor, reason: str) -> Ticket:
    kind = TicketType.objects.get(code=asked["type_code"])
    version = TypeVersion.objects.get(type=kind, number=kind.number)
    unit, now = people_reads.org_unit(asked["unit_id"]), clock.now()
    child = Ticket(
        id=next_id(), public_id=step.new_public_id(), type=kind, type_version=version, channel="child",
        parent_id=parent.pk, mandatory=asked["mandatory"], pending_request="", status=State.POOLED, pooled_at=now,
        changed_at=now, reported_at=now, created_by=by.ref, description=asked["note"] or reason, org_path=unit.path,
        department_id=unit.pk if unit.kind == "department" else None,
        **{name: getattr(parent, name) for name in COPIED},
    )  # fmt: skip
    child.ticket_no = number_of(child.pk)
    child.terms = asdict(clocks.terms_for(version.definition, area_class=child.area_class, priority=child.priority))
    facts = {"channel": "child", "terms": child.terms, "parent": parent.ticket_no, "department": unit.code}
    for name, value in clocks.opened(child, Step("submit", "", State.POOLED, now, facts)).items():
        setattr(child, name, value)
    step.begin(child, by, facts)
    step.announce(TicketOpened, child, "", channel="child")
    push_wave(child)
    return child


def check_children(parent: Ticket) -> str:
    """May the parent be completed, and with which result? `done`, or `not_done` when a mandatory child failed.

    Raises ChildrenOpen with the numbers of the mandatory ones still open. One query.
    """
    children = list(Ticket.objects.filter(parent_id=parent.pk, mandatory=True))
    open_ones = [one.ticket_no for one in children if one.status not in FINAL]
    if open_ones:
        raise ChildrenOpen(numbers=", ".join(open_ones))
    failed = any(one.close_code == "not_done" for one in children)
    return "not_done" if failed else "done"
