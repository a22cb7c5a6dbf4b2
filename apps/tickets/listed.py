"""Rows for lists: tickets with the columns that a list shows, and what they point to fetched once for the page.

A ticket has 45 columns and points to three other tables. Fifty of them with everything joined cost a list of fifty
four times what the screen needs: planning the join, reading dates nobody sees, building 200 model instances.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from apps.people import selectors as people
from apps.tickets.models import Ticket, TicketType
from steppe.kernel.db import connection, rows_by_keys
from steppe.kernel.light import light

if TYPE_CHECKING:
    from apps.people.models import OrgUnit, Technician

COLUMNS = (
    "id", "public_id", "ticket_no", "status", "version", "channel", "priority", "description", "solution",
    "created_by", "contact_name", "contact_phone", "address", "coarse_address", "lat", "lng", "area_class",
    "type_id", "grid_id", "org_path", "technician_id", "reported_at", "accepted_at", "arrived_at", "finished_at",
    "closed_at", "accept_due_at", "resolve_due_at", "callback_due_at", "overdue_clocks",
    "satisfaction", "is_incident", "incident_id", "parent_id", "pending_request", "archived_at", "close_code",
    "reopen_count",
)  # fmt: skip
HEAD = 'SELECT "tickets_ticket"."id" AS "id" FROM '
# Columns that point to something shown by name, and what a ticket calls it.
POINTING = {"type_id": "type", "grid_id": "grid", "technician_id": "technician", "department_id": "department"}
KIND = ("id", "code", "name_zh", "name_en", "kind", "icon")
_KINDS = "SELECT id, code, name_zh, name_en, kind, icon FROM tickets_tickettype WHERE id = ANY(%s::bigint[])"


Ends = Sequence[tuple[str, int, Mapping[Any, Any]]]  # name, place in the row, things by their ids
Question = tuple[str, tuple[Any, ...]]  # a statement, or the end of one, and its values


def question_of(rows: QuerySet[Ticket]) -> Question | None:
    """What follows upon the columns; None for what nobody can find. No query.

    Django asks each of forty columns where it comes from and how its values are to be turned, which took longer than
    the reading; so it writes the statement for one column, and `listed` puts in the others.
    """
    try:
        asked, params = rows.select_related(None).values_list("id").query.sql_with_params()
    except EmptyResultSet:
        return None
    assert asked.startswith(HEAD), asked
    return asked.removeprefix(HEAD), params


@dataclass
class Known:
    """Types, units and technicians whom the caller has read anyway, by their ids: they are not read again."""

    kinds: dict[int, TicketType] = field(default_factory=dict)
    units: "dict[int, OrgUnit]" = field(default_factory=dict)
    crew: "dict[int, Technician]" = field(default_factory=dict)


def listed(question: Question | None, *more: str, known: Known | None = None) -> list[Ticket]:
    """The tickets with type, grid, technician (and department). At most three queries, whatever their number.

    A column that is neither in COLUMNS nor named in `more` costs a query when it is asked for; so does more of a type
    than KIND, or more of a grid or technician than how it is named.
    """
    columns, have = COLUMNS + more, known or Known()
    rows = _read(question, columns)
    at = {name: columns.index(name) for name in POINTING if name in columns}
    met = {name: {row[place] for row in rows} - {None} for name, place in at.items()}
    kinds = have.kinds | _kinds(met["type_id"] - have.kinds.keys())
    met_units = met["grid_id"] | met.get("department_id", set())
    units, crew = people.named(met_units - have.units.keys(), met["technician_id"] - have.crew.keys())
    units, crew = have.units | units, have.crew | crew
    by_id: dict[str, dict[Any, Any]] = {
        "type_id": kinds, "grid_id": units, "department_id": units, "technician_id": crew,
    }  # fmt: skip
    ends = [(POINTING[name], place, {**by_id[name], None: None}) for name, place in at.items()]
    return [_whole(columns, row, ends) for row in rows]


def _whole(columns: tuple[str, ...], row: tuple[Any, ...], ends: Ends) -> Ticket:
    ticket = light(Ticket, columns, row)
    ticket._state.fields_cache = {name: things[row[place]] for name, place, things in ends}
    return ticket


def _read(question: Question | None, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """As the driver gives them."""
    if question is None:
        return []
    statement = _head(columns) + question[0]  # names of the model's own columns; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, question[1])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@cache
def _head(columns: tuple[str, ...]) -> str:
    """In place of HEAD. Raises KeyError for what is no column of a ticket."""
    known = {field.attname: field.column for field in Ticket._meta.concrete_fields}
    return "SELECT " + ", ".join(f'"tickets_ticket"."{known[one]}"' for one in columns) + " FROM "  # noqa: S608


def _kinds(ids: set[int]) -> dict[int, TicketType]:
    """Types without their definitions, which are pages of JSON."""
    return {values[0]: light(TicketType, KIND, values) for values in rows_by_keys(_KINDS, ids)}
