"""The connection with what django-tenants adds to it (`schema_name`, `tenant`, `set_tenant`), which its types lack."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection as _connection
from django.db.backends.postgresql.base import ServerBindingCursor

connection: Any = _connection


@contextmanager
def prepared() -> Iterator[None]:
    """What is asked inside is planned once per connection, not once per call: for what every request asks.

    Only for statements that find their rows by key: a search planned for nobody in particular can be a bad one.
    Planning costs PostgreSQL as much as running a small statement. A plan made in one branch is never used in
    another: PostgreSQL looks at the search path each time, and plans anew when it has changed.
    """
    connection.ensure_connection()
    raw = connection.connection
    usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        raw.cursor_factory = usual


def rows_by_keys(statement: str, keys: Iterable[int] | Iterable[str]) -> list[tuple[Any, ...]]:
    """The rows of a prepared statement that takes one array of keys: `… WHERE id = ANY(%s::bigint[])`. None for nobody.

    For the names on every page, whose query costs more to build from models than to answer.
    """
    wanted = list(set(keys))
    return rows_of(statement, array_of(wanted)) if wanted else []


def array_of(keys: Sequence[object]) -> Any:
    """For `ANY(%s::bigint[])`: numbers written out, which the driver would look at one by one, twice."""
    if all(type(key) is int for key in keys):
        return "{" + ",".join(map(str, keys)) + "}"
    return keys


def rows_of(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a prepared statement that is the same text each time. See `prepared` for what it is right for."""
    with prepared(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
