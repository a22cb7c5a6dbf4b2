"""Rows for lists: tickets with the columns that a list shows, and what they point to fetched once for the page.

A ticket has 45 columns and points to three other tables. Fifty of them with everything joined cost a list of fifty
four times what the screen needs: planning the join, reading dates nobody sees, building 200 model instances.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.base import ModelState

from apps.people import selectors as people
from apps.tickets.models import Ticket, TicketType

COLUMNS = (
    "id", "public_id", "ticket_no", "status", "version", "channel", "priority", "description", "solution",
    "created_by", "contact_name", "contact_phone", "address", "coarse_address", "lat", "lng", "area_class",
    "type_id", "grid_id", "org_path", "technician_id", "reported_at", "accepted_at", "arrived_at", "finished_at",
    "closed_at", "accept_due_at", "resolve_due_at", "callback_due_at", "overdue_clocks",
    "satisfaction", "is_incident", "incident_id", "parent_id", "pending_request", "archived_at",
)  # fmt: skip


def listed(rows: QuerySet[Ticket], *more: str) -> list[Ticket]:
    """The tickets with type, grid, technician (and department). At most four queries, whatever their number.

    A column that is neither in COLUMNS nor named in `more` costs a query when it is asked for.
    """
    columns = COLUMNS + more
    found = [_light(columns, row) for row in rows.select_related(None).values_list(*columns)]
    kinds = TicketType.objects.in_bulk({one.type_id for one in found})
    units = people.units_by_id(_known(unit for one in found for unit in _units(one)))
    crew = people.technicians_by_id(_known(one.technician_id for one in found))
    for one in found:
        one._state.fields_cache = {
            "type": kinds[one.type_id],
            "grid": units[one.grid_id] if one.grid_id else None,
            "technician": crew[one.technician_id] if one.technician_id else None,
        }
        if department := one.__dict__.get("department_id"):
            one._state.fields_cache["department"] = units[department]
    return found


def _units(one: Ticket) -> tuple[int | None, int | None]:
    return one.grid_id, one.__dict__.get("department_id")


def _light(columns: tuple[str, ...], row: tuple[Any, ...]) -> Ticket:
    """A ticket as `only()` gives it, without its constructor's walk over every column."""
    ticket = Ticket.__new__(Ticket)
    ticket.__dict__.update(zip(columns, row, strict=True))
    ticket._state = ModelState()
    ticket._state.adding, ticket._state.db = False, "default"
    return ticket


def _known(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
