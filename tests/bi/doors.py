"""The reader's door in the tests: a password by the real command, and a connection of its own with it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from apps.bi import roles_sql, services
from apps.bi.services import readers
from apps.bi.site import code
from steppe.kernel.actors import Actor
from tenants.context import NoBranch, in_branch, in_public
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key

PASSWORD, OTHER = "a-long-password-for-the-tests", "another-long-password-for-them"


@dataclass
class Door:
    """How somebody comes in with the reader's name."""

    database: Database
    role: str

    def open(self, password: str = PASSWORD, database: str = "") -> psycopg.Connection[Any]:
        parts = urlsplit(self.database.url)
        where = {"host": parts.hostname, "port": parts.port, "dbname": database or self.database.name}
        return psycopg.connect(user=self.role, password=password, autocommit=True, connect_timeout=5, **where)


def give(password: str = PASSWORD, by: Actor | None = None) -> str:
    role = roles_sql.role_name(code())
    kept = roles_sql.verifier(role, password)
    services.give_password(role=role, password=kept, by=by or actor("bai"), key=key())
    return role


def clear(*branches: Branch) -> None:
    """Roles outlive a test's database: they are the server's."""
    connection.set_schema_to_public()
    for branch in branches:
        with suppress(psycopg.Error, NoBranch), in_branch(branch.tenant):
            readers.remove_roles()
    with in_public():
        readers.remove_roles()
        readers.remove_orphans()
