"""A database of the run's own. Imported before Django, which reads its address once."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def fresh_database(name: str) -> None:
    """Make it on the server the environment names, and point this process and its children at it."""
    server = os.environ["STEPPE_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["STEPPE_DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
