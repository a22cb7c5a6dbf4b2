"""PostgreSQL and Valkey from the wheels look to the product like ordinary servers."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import pytest
import redis

from infra.local import postgres, services
from infra.local.paths import ROOT

FACTS = """
SELECT current_setting('data_checksums'), current_setting('fsync'), current_setting('max_connections')::int,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
       (SELECT array_agg(extname::text) FROM pg_extension)
"""


@pytest.fixture(autouse=True)
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STEPPE_DATABASE_URL", "STEPPE_VALKEY_URL"):
        monkeypatch.delenv(name, raising=False)


def test_both_answer_with_what_the_product_needs() -> None:
    with services.temporary(careless=True) as env:
        with psycopg.connect(env["STEPPE_DATABASE_URL"], autocommit=True) as connection:
            facts = connection.execute(FACTS).fetchone()
            connection.execute("CREATE DATABASE another")  # the tests make their own
        valkey = redis.Redis.from_url(f"{env['STEPPE_VALKEY_URL']}/2")
        policy = valkey.config_get("maxmemory-policy")

    assert facts is not None
    checksums, fsync, connections, superuser, extensions = facts
    assert (checksums, fsync, connections, superuser) == ("on", "off", 200, False)
    assert set(postgres.EXTENSIONS) <= set(extensions)
    assert policy == {"maxmemory-policy": "noeviction"}


def test_the_product_comes_by_the_socket_and_others_by_tcp() -> None:
    with services.temporary(careless=True) as env:
        parts = urlsplit(env["STEPPE_DATABASE_URL"])
        with psycopg.connect(env["STEPPE_DATABASE_URL"]) as by_socket:
            assert by_socket.info.host == unquote(parts.query).removeprefix("host=")
        with psycopg.connect(urlunsplit(parts._replace(query=""))) as by_tcp:
            assert by_tcp.info.host == "127.0.0.1"


def test_a_folder_with_too_long_a_name_for_a_socket_is_no_hindrance(tmp_path: Path) -> None:
    assert postgres._socket_folder(tmp_path / "pg") == str(tmp_path / "socket")
    assert postgres._socket_folder(tmp_path / ("long" * 30) / "pg") == ""
    assert postgres._socket_folder(tmp_path / "one,two" / "pg") == ""


def test_both_are_gone_when_the_command_ends() -> None:
    with services.temporary(careless=True) as env:
        address = env["STEPPE_DATABASE_URL"]

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)


def test_an_ordinary_server_that_refuses_us_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPPE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(SystemExit, match="STEPPE_DATABASE_URL does not let us in"):
        with services.temporary(careless=True):
            pass


def test_any_command_gets_services_of_its_own() -> None:
    ask = "import os, psycopg; psycopg.connect(os.environ['STEPPE_DATABASE_URL']); print('let in')"
    command = [sys.executable, "-m", "infra.local", "anything", sys.executable, "-c", ask]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout.endswith("let in\n"), done.stderr
