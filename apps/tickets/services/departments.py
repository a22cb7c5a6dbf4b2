"""T8 transfer: another department or sub-branch takes over, if its own people accept."""

from typing import Any

from apps.people import roles
from apps.people import selectors as people_reads
from apps.tickets.errors import SameUnit, TransferLocked, UnknownUnit
from apps.tickets.events import TicketTransferred
from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services.dispatching import back_to_pool
from apps.tickets.services.waves import push_wave
from steppe.kernel.actors import Actor
from tenants.context import policy

RECEIVERS = ("department", "sub_branch", "grid")


def check_transfer(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """Another node of this branch that can have a queue. Raises UnknownUnit, SameUnit. One query."""
    unit = people_reads.unit_by_code(str(asked.get("unit", "")))
    if unit is None or unit.kind not in RECEIVERS:
        raise UnknownUnit({"unit": [str(UnknownUnit.message)]})
    if unit.path == ticket.org_path:
        raise SameUnit(name=unit.name)
    return {"unit": unit.code, "unit_id": unit.pk, "path": unit.path, "name": unit.name}


def check_receiver(by: Actor, ticket: Ticket, asked: dict[str, Any]) -> None:
    """The receiver decides; after too much to and fro only the branch does. Raises TransferLocked."""
    if ticket.transfer_count >= policy().transfer_max and not by.holds(roles.BRANCH_ADMIN):
        raise TransferLocked(times=ticket.transfer_count)


def path_of(asked: dict[str, Any]) -> str:
    """The node whose people accept."""
    return str(asked["path"])


def move_to(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """Into the pool of the other unit, with a fresh accept clock; the customer's clock goes on."""
    unit = people_reads.org_unit(asked["unit_id"])
    former, returned = ticket.technician_id, ticket.return_count
    step.end_assignment(ticket, reason)
    before = step.move(
        ticket, "transfer", State.POOLED,
        **(back_to_pool(ticket) | {"return_count": returned}),
        org_path=unit.path, transfer_count=ticket.transfer_count + 1,
        department_id=unit.pk if unit.kind == "department" else None,
        **({"grid_id": unit.pk} if unit.kind == "grid" else {}),
    )  # fmt: skip
    told = {"to": unit.code, "name": unit.name, "department": unit.code if unit.kind == "department" else ""}
    step.record(ticket, "transfer", before, by, reason=reason, data=told)
    step.announce(TicketTransferred, ticket, before, former_technician_id=former)
    push_wave(ticket)


def may_receive(by: Actor, path: str) -> bool:
    """May this person accept for the unit at `path`?"""
    return any(path.startswith(own) for own in by.scopes(ACTIONS["transfer"]))
