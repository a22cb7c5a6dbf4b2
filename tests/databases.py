"""Databases for tests: one template per server and release of the schema, a quick copy for whoever needs one.

The template's name is a sum of everything that shapes it (migrations, seeds, the cast), so a second run on the
same server finds it ready, and a changed migration makes a new one. Copies cost about a tenth of a second.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, ObjectInUse

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("apps", "platform", "realtime", "tenants")
SHAPERS = ("**/migrations/*.py", "**/seeds.py", "**/models.py", "**/rules/catalogue.py", "**/rules/field_sets.py")
ALONE = ("tests/cast.py", "tenants/services.py", "tenants/provisioning.py", "apps/people/services.py")
LOCK = 7_306_181  # any number, the same for everybody who makes a template on this server


@dataclass(frozen=True)
class Database:
    """A database of the tests' server. `url` is what a process of its own needs in STEPPE_DATABASE_URL."""

    name: str

    @property
    def url(self) -> str:
        parts = urlsplit(os.environ["STEPPE_DATABASE_URL"])
        return urlunsplit(parts._replace(path=f"/{quote(self.name)}"))

    def use(self) -> None:
        """Point every connection of this process, in any thread, at this database."""
        connections.close_all()
        connections.settings["default"]["NAME"] = self.name
        settings.DATABASES["default"]["NAME"] = self.name

    def drop(self) -> None:
        """Away with it, also if a thread of the test still holds a connection.

        Vacuum may be at work there on the server's own account: we may not end it, but a plain DROP makes it go.
        """
        plain = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(self.name))
        with _server() as server:
            try:
                server.execute(plain + sql.SQL(" WITH (FORCE)"))
            except InsufficientPrivilege:
                with suppress(ObjectInUse):
                    server.execute(plain)
                server.execute(plain + sql.SQL(" WITH (FORCE)"))


# `filled` of tests/conftest.py: takes what makes the rows; inside, its answer.
Filled = Callable[[Callable[[], Any]], AbstractContextManager[Any]]


def copy(of: Database, name: str) -> Database:
    """A copy of a database nobody is connected to; an old one of that name is dropped."""
    made = Database(name)
    made.drop()
    with _server() as server:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(statement.format(sql.Identifier(name), sql.Identifier(of.name)))
    return made


def create(wanted: Database) -> None:
    """Empty, but for what template1 carries: the extensions that only a superuser can make."""
    wanted.drop()
    with _server() as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(wanted.name)))


def template(fill: Callable[[], None]) -> Database:
    """The template with the schema and the cast; made by the first who asks, the others wait for it."""
    wanted = Database(f"steppe_tpl_{_fingerprint()}")
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted.name]).fetchone():
            _make(server, wanted, fill)
    return wanted


def _make(server: psycopg.Connection, wanted: Database, fill: Callable[[], None]) -> None:
    """Filled under another name first: a half-made template is never found."""
    half = replace(wanted, name=f"{wanted.name}_half")
    create(half)
    half.use()
    fill()
    connections.close_all()
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(sql.Identifier(half.name), sql.Identifier(wanted.name)))


def _fingerprint() -> str:
    total = hashlib.sha256()
    found = [path for source in SOURCES for pattern in SHAPERS for path in (ROOT / source).glob(pattern)]
    for path in sorted([*found, *(ROOT / name for name in ALONE)]):
        total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()[:12]


def _server() -> psycopg.Connection:
    """A connection to the server itself: to `postgres`, whatever database the environment names.

    Everybody meets there: an advisory lock holds within one database, and two runs may name two.
    """
    if not os.environ.get("STEPPE_DATABASE_URL"):
        raise RuntimeError("set STEPPE_DATABASE_URL and STEPPE_VALKEY_URL, or run `make test`, which starts both")
    return psycopg.connect(Database("postgres").url, autocommit=True)
