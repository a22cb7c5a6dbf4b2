"""New rows written by one prepared statement, for what is written all day: a ticket is one value, not seventy.

Django builds the INSERT of seventy columns anew each time, the driver looks for seventy placeholders in it, and the
database plans it. Here the statement of a model is built once, and each row goes as JSON.
"""

import json
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.db.models import Field, Model, Value
from django.db.models.expressions import DatabaseDefault

from steppe.kernel.db import rows_of


def write(*rows: Model) -> None:
    """INSERT the rows, the first one first, in one statement. A row without a key gets one, but does not learn it.

    No `save()`, no signals: nothing of ours stands there. Raises what the database says.
    """
    kinds = tuple((type(row), row.pk is not None) for row in rows)
    rows_of(_statement(kinds), *(_told(row) for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, "default"


@cache
def _statement(kinds: tuple[tuple[type[Model], bool], ...]) -> str:
    parts = [f"w{number} AS ({_insert(*kind)})" for number, kind in enumerate(kinds)]
    return f"WITH {', '.join(parts)} SELECT 1"


def _insert(model: type[Model], has_key: bool) -> str:
    """Names are the model's own; the values are one parameter."""
    table = model._meta.db_table
    names = ", ".join(f'"{field.column}"' for field in _fields(model, has_key))
    return f'INSERT INTO "{table}" ({names}) SELECT {names} FROM json_populate_record(NULL::"{table}", %s::json)'  # noqa: S608


@cache
def _fields(model: type[Model], has_key: bool) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.concrete_fields if has_key or not field.primary_key)


def _told(row: Model) -> str:
    values = {field.column: _plain(getattr(row, field.attname)) for field in _fields(type(row), row.pk is not None)}
    return json.dumps(values, ensure_ascii=False, default=_moment)


def _plain(value: Any) -> Any:
    """The constant, where only the database's default was given; any other expression is none of a row's values."""
    if isinstance(value, DatabaseDefault):
        given = value.expression  # type: ignore[attr-defined]  # the stubs lack it
        assert isinstance(given, Value), value
        return given.value
    return value


def _moment(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")
