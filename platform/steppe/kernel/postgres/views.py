"""Views step aside while a column below them changes, and come back as they were.

PostgreSQL refuses to change the type of a column that a view uses. Whoever writes such a migration does not know the
views of another room, and should not have to. So the schema editor asks here: the views above the table are read from
the catalogue with their options, comments and grants, dropped, and made again from their own text in one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from psycopg import sql

_ABOVE = """
WITH RECURSIVE above(oid) AS (
    SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
     WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
       AND d.refobjid = to_regclass(%s) AND r.ev_class <> d.refobjid
    UNION
    SELECT r.ev_class FROM above a JOIN pg_depend d ON d.refobjid = a.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass WHERE r.ev_class <> a.oid)
SELECT c.oid, n.nspname, c.relname, pg_get_viewdef(c.oid), coalesce(c.reloptions, '{}')
  FROM above a JOIN pg_class c ON c.oid = a.oid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'v' ORDER BY c.oid
"""
_COMMENTS = """
SELECT a.attname, d.description FROM pg_description d
  LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
 WHERE d.objoid = %s AND d.classoid = 'pg_class'::regclass
"""
_GRANTS = """
SELECT g.grantee::regrole::text, g.privilege_type FROM pg_class c, aclexplode(c.relacl) g
 WHERE c.oid = %s AND g.grantee <> 0 AND g.grantee <> c.relowner
"""


@dataclass(frozen=True)
class View:
    """One view as it stood: what makes it again."""

    name: sql.Composable
    text: str
    options: tuple[str, ...]
    comments: tuple[tuple[str | None, str], ...]
    grants: tuple[tuple[str, str], ...]


@contextmanager
def set_aside(connection: Any, table: str) -> Iterator[None]:
    """Inside, no view stands above the table. Afterwards all are there again, in the order they were made in."""
    with connection.cursor() as cursor:
        found = _above(cursor, table)
    if not found:
        yield
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for view in reversed(found):
            cursor.execute(sql.SQL("DROP VIEW {}").format(view.name))
        yield
        for view in found:
            _put_back(cursor, view)


def _above(cursor: Any, table: str) -> list[View]:
    cursor.execute(_ABOVE, [f'"{table}"'])
    return [
        View(sql.Identifier(schema, name), text, tuple(options), _rows(cursor, _COMMENTS, oid),
             _rows(cursor, _GRANTS, oid))
        for oid, schema, name, text, options in cursor.fetchall()
    ]  # fmt: skip


def _rows(cursor: Any, question: str, oid: int) -> tuple[Any, ...]:
    cursor.execute(question, [oid])
    return tuple(cursor.fetchall())


def _put_back(cursor: Any, view: View) -> None:
    options = sql.SQL(", ").join(sql.SQL("{} = {}").format(*map(_word, one.split("=", 1))) for one in view.options)
    having = sql.SQL(" WITH ({})").format(options) if view.options else sql.SQL("")
    cursor.execute(sql.SQL("CREATE VIEW {}{} AS {}").format(view.name, having, _word(view.text)))
    for column, words in view.comments:
        _say(cursor, view, column, words)
    for role, right in view.grants:
        cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(_word(right), view.name, _word(role)))


def _say(cursor: Any, view: View, column: str | None, words: str) -> None:
    what = sql.SQL("VIEW {}").format(view.name)
    if column is not None:
        what = sql.SQL("COLUMN {}.{}").format(view.name, sql.Identifier(column))
    cursor.execute(sql.SQL("COMMENT ON {} IS {}").format(what, sql.Literal(words)))


def _word(word: str) -> sql.Composable:
    """A word of SQL, or a name that the server itself has quoted where it must be."""
    return sql.SQL(word)  # type: ignore[arg-type]
