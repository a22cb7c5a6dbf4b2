"""PostgreSQL's part of a reader: a role that may read this schema's views and nothing else on this server.

Names go in as identifiers, never as text. Roles belong to the whole server, so a name carries a sum of database and
schema; one that is there already is set right instead of made. docs/bi.md says what the server must grant.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from psycopg import sql

from steppe.kernel.db import connection

CONNECTIONS = 5
MARK = "steppe reader of"  # begins a role's comment; then database/schema
SETTINGS = {
    "default_transaction_read_only": "on", "statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "3s", "timezone": "Asia/Shanghai",
}  # fmt: skip
ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"
_MAY_MAKE = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
_KNOWN = "SELECT 1 FROM pg_roles WHERE rolname = %s"
_MEMBER = "SELECT pg_has_role(current_user, %s, 'USAGE')"
_REACH = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND NOT (n.nspname = %(schema)s AND c.relname = ANY (%(views)s))
   AND (has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR has_any_column_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
UNION ALL
SELECT 'schema ' || n.nspname FROM pg_namespace n WHERE has_schema_privilege(%(role)s, n.oid, 'CREATE')
UNION ALL
SELECT 'schema ' || n.nspname FROM pg_namespace n
 WHERE n.nspname NOT IN (%(schema)s, 'public', 'pg_catalog', 'information_schema')
   AND has_schema_privilege(%(role)s, n.oid, 'USAGE')
UNION ALL
SELECT 'temporary tables' WHERE has_database_privilege(%(role)s, current_database(), 'CREATE, TEMPORARY')
LIMIT 5
"""
_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"
_CALLED = """
SELECT rolname, substr(about, length(%(ours)s) + 1)
  FROM (SELECT rolname, shobj_description(oid, 'pg_authid') AS about FROM pg_roles) r WHERE starts_with(about, %(ours)s)
"""


def role_name(code: str, where: str = "") -> str:
    """`bi_lo_3fa2c1d09b`: readable, and another in every database (`where`, if it is known already) and schema."""
    told = f"{where or database()}/{connection.schema_name}"
    return f"bi_{code.lower()}_{sha256(told.encode()).hexdigest()[:10]}"


def database() -> str:
    return str(_one("SELECT current_database()"))


def may_make_roles() -> bool:
    return bool(_one(_MAY_MAKE))


def exists(role: str) -> bool:
    return _one(_KNOWN, role) is not None


def verifier(role: str, password: str) -> str:
    """What the server keeps of a password, worked out here: the password itself never travels in a statement."""
    connection.ensure_connection()
    raw = connection.connection.pgconn
    return bytes(raw.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")).decode()


def make(role: str, kept: str) -> None:
    """The role with this password, able to sign in; set right where it exists."""
    if not exists(role):
        _do("CREATE ROLE {role} " + ATTRIBUTES, role=role)
        about = sql.Literal(f"{MARK} {database()}/{connection.schema_name}")
        _do("COMMENT ON ROLE {role} IS {about}", role=role, about=about)
        if not _one(_MEMBER, role):
            _do("GRANT {role} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE", role=role)  # so we may end its sessions
    options = "ALTER ROLE {role} LOGIN CONNECTION LIMIT {most} PASSWORD {kept}"
    _do(options, role=role, most=sql.Literal(CONNECTIONS), kept=sql.Literal(kept))
    settle(role)


def settle(role: str) -> None:
    """How its sessions begin. A role may change this for itself, which PostgreSQL cannot forbid: so each night."""
    for name, value in (SETTINGS | {"search_path": connection.schema_name}).items():
        _do("ALTER ROLE {role} SET {name} = {value}", role=role, name=sql.SQL(name), value=sql.Literal(value))  # type: ignore[arg-type]


def grant(role: str, views: Iterable[str]) -> None:
    """Connect, look into this schema, read these views. Temporary tables are taken from everybody but the owner."""
    where, schema = sql.Identifier(database()), sql.Identifier(connection.schema_name)
    _do("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC", role=role, database=where)
    _do("GRANT CONNECT ON DATABASE {database} TO {role}", role=role, database=where)
    _do("GRANT USAGE ON SCHEMA {schema} TO {role}", role=role, schema=schema)
    listed = sql.SQL(", ").join(sql.Identifier(connection.schema_name, view) for view in views)
    _do("GRANT SELECT ON {views} TO {role}", role=role, views=listed)


def reaches_beyond(role: str, views: Iterable[str]) -> list[str]:
    """What the role could read or write besides these views; the catalogues of PostgreSQL itself left out."""
    told = {"role": role, "schema": connection.schema_name, "views": list(views)}
    with connection.cursor() as cursor:
        cursor.execute(_REACH, told)
        return [name for (name,) in cursor.fetchall()]


def shut(role: str) -> None:
    """It cannot sign in any more, and whoever is signed in is out."""
    if exists(role):
        _do("ALTER ROLE {role} NOLOGIN PASSWORD NULL", role=role)
        end_sessions(role)


def let_in(role: str, yes: bool) -> None:
    """Open or closed, with the password it has."""
    if exists(role):
        _do("ALTER ROLE {role} LOGIN" if yes else "ALTER ROLE {role} NOLOGIN", role=role)
        if not yes:
            end_sessions(role)


def remove(role: str) -> None:
    """Away with it. What it was granted in this database goes first; in other databases it was never granted."""
    if exists(role):
        end_sessions(role)
        _do("DROP OWNED BY {role}", role=role)
        _do("DROP ROLE {role}", role=role)


def end_sessions(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, [role])


def roles_here() -> list[str]:
    """Every reader of this schema, whatever its name."""
    return [role for role, schema in roles_of_database() if schema == connection.schema_name]


def roles_of_database() -> list[tuple[str, str]]:
    """Every reader that was made from this database, with the schema it reads."""
    with connection.cursor() as cursor:
        cursor.execute(_CALLED, {"ours": f"{MARK} {database()}/"})
        return [(role, schema) for role, schema in cursor.fetchall()]


def _one(question: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        row = cursor.fetchone()
    return row[0] if row else None


def _do(statement: str, *, role: str, **parts: sql.Composable) -> None:
    told = sql.SQL(statement).format(role=sql.Identifier(role), **parts)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(told)
