"""Moments out of the database by the driver's own compiled loader, which Django's Python one costs fourteen times.

Django asks the loader in charge for its `timezone` and puts its own in its place where that differs from the
connection's. The compiled loader has no such word, so a class stands before it that has, and makes nothing else.
"""

from datetime import UTC
from typing import Any

from psycopg import adapters
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format

OID = adapters.types["timestamptz"].oid
_COMPILED = adapters.get_loader(OID, Format.TEXT)


class Moments:
    """Makes the driver's loader, which reads in the zone of its connection: UTC in all of ours."""

    format = Format.TEXT
    timezone = UTC

    def __new__(cls, oid: int, context: Any = None) -> Any:
        assert _COMPILED is not None
        return _COMPILED(oid, context)


def load_quickly(adapters_of_connection: AdaptersMap) -> None:
    """Put it in charge. A connection of another zone gets Django's loader back, from Django itself."""
    adapters_of_connection.register_loader("timestamptz", Moments)  # type: ignore[arg-type]
