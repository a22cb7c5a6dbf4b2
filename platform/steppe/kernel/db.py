"""The connection with what django-tenants adds to it (`schema_name`, `tenant`, `set_tenant`), which its types lack."""

from collections.abc import Iterator
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
