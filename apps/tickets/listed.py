"""Rows for lists: tickets with the columns that a list shows, and what they point to fetched once for the page.

A ticket has 45 columns and points to three other tables. Fifty of them with everything joined cost a list of fifty
four times what the screen needs: planning the join, reading dates nobody sees, building 200 model instances.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from apps.people import selectors as people
from apps.tickets.models import Ticket, TicketType
from steppe.kernel.db import connection, rows_by_keys
from steppe.kernel.light import light

COLUMNS = (
    "id", "public_id", "ticket_no", "status", "version", "channel", "priority", "description", "solution",
    "created_by", "contact_name", "contact_phone", "address", "coarse_address", "lat", "lng", "area_class",
    "type_id", "grid_id", "org_path", "technician_id", "reported_at", "accepted_at", "arrived_at", "finished_at",
    "closed_at", "accept_due_at", "resolve_due_at", "callback_due_at", "overdue_clocks",
    "satisfaction", "is_incident", "incident_id", "parent_id", "pending_request", "archived_at",
)  # fmt: skip
HEAD = 'SELECT "tickets_ticket"."id" AS "id" FROM '
KIND = ("id", "code", "name_zh", "name_en", "kind", "icon")
_KINDS = "SELECT id, code, name_zh, name_en, kind, icon FROM tickets_tickettype WHERE id = ANY(%s::bigint[])"


def listed(rows: QuerySet[Ticket], *more: str) -> list[Ticket]:
    """The tickets with type, grid, technician (and department). At most four queries, whatever their number.

    A column that is neither in COLUMNS nor named in `more` costs a query when it is asked for; so does more of a type
    than KIND, or more of a grid or technician than how it is named.
    """
    columns = COLUMNS + more
    found = [light(Ticket, columns, row) for row in _read(rows, columns)]
    kinds = _kinds({one.type_id for one in found})
    units = people.units_named(_known(unit for one in found for unit in _units(one)))
    crew = people.technicians_named(_known(one.technician_id for one in found))
    for one in found:
        one._state.fields_cache = {
            "type": kinds[one.type_id],
            "grid": units[one.grid_id] if one.grid_id else None,
            "technician": crew[one.technician_id] if one.technician_id else None,
        }
        if department := one.__dict__.get("department_id"):
            one._state.fields_cache["department"] = units[department]
    return found


def _read(rows: "QuerySet[Ticket]", columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """As the driver gives them. Django asks each of forty columns where it comes from and how its values are to be
    turned, which took longer than the reading; so it writes the statement for one column, and the others are put in.
    """
    try:
        asked, params = rows.select_related(None).values_list("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    assert asked.startswith(HEAD), asked
    statement = _head(columns) + asked.removeprefix(HEAD)  # names of the model's own columns; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@cache
def _head(columns: tuple[str, ...]) -> str:
    """In place of HEAD. Raises KeyError for what is no column of a ticket."""
    known = {field.attname: field.column for field in Ticket._meta.concrete_fields}
    return "SELECT " + ", ".join(f'"tickets_ticket"."{known[one]}"' for one in columns) + " FROM "  # noqa: S608


def _units(one: Ticket) -> tuple[int | None, int | None]:
    return one.grid_id, one.__dict__.get("department_id")


def _kinds(ids: set[int]) -> dict[int, TicketType]:
    """Types without their definitions, which are pages of JSON."""
    return {values[0]: light(TicketType, KIND, values) for values in rows_by_keys(_KINDS, ids)}


def _known(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
