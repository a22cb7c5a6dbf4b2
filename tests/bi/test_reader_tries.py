"""What the database's reader tries, statement by statement, also after it has made its session writable: refused."""

from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from apps.bi.rules.sets import views_of
from apps.bi.rules.shapes import BRANCH
from tests.bi.doors import Door
from tests.bi.reading import asked
from tests.cast import Branch

SECRETS = ["%1390000%", "%argon2%"]  # a phone, a password
RELATIONS = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND (n.nspname IN ('pg_catalog', 'information_schema')) = %s
   AND n.nspname <> 'pg_toast' ORDER BY 1, 2
"""
WRITES = """
INSERT INTO bi_type_v1 (type_code) VALUES ('x')
UPDATE bi_type_v1 SET name_zh = 'x'
DELETE FROM bi_type_v1
TRUNCATE tickets_ticket
UPDATE tickets_ticket SET status = 'void'
CREATE TABLE x (y int)
CREATE TABLE public.x (y int)
CREATE TEMPORARY TABLE x (y int)
CREATE SCHEMA x
CREATE VIEW x AS SELECT 1
CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE ROLE x
CREATE DATABASE x
ALTER ROLE steppe PASSWORD 'x'
DROP VIEW bi_type_v1
SELECT lo_create(0)
SELECT lo_from_bytea(0, 'x')
ALTER VIEW bi_type_v1 OWNER TO CURRENT_USER
COMMENT ON VIEW bi_type_v1 IS 'x'
DO $$ BEGIN LOCK TABLE tickets_ticket; END $$
SELECT * FROM bi_ticket_v1 FOR UPDATE
"""
REACHES = """
SET ROLE steppe
SET SESSION AUTHORIZATION steppe
SELECT pg_read_file('/etc/passwd')
SELECT pg_ls_dir('.')
COPY (SELECT 1) TO '/tmp/x'
COPY (SELECT 1) TO PROGRAM 'true'
SELECT lo_import('/etc/passwd')
SELECT pg_advisory_lock(1)
SELECT pg_try_advisory_xact_lock(1, 2)
SELECT pg_advisory_lock_shared(1)
SELECT query_to_xml('SELECT * FROM tickets_ticket', true, true, '')
SELECT table_to_xml('people_customer', true, true, '')
SELECT pg_stat_reset()
SELECT pg_reload_conf()
SELECT pg_current_logfile()
SHOW hba_file
SELECT * FROM pg_authid
SELECT * FROM pg_hba_file_rules
SELECT last_value FROM tickets_ticket_id_seq
LOAD 'x'
ALTER SYSTEM SET work_mem = '1GB'
SET session_replication_role = replica
CREATE EXTENSION dblink
"""
# Not allowed; or not there, or not built in.
REFUSALS = {"0A000", "42501", "42704", "42883", "58P01", "3F000", "42809", "55000"}


def test_every_other_relation_of_every_schema_is_refused(door: Door, lotus: Branch) -> None:
    own = {(lotus.tenant.schema_name, view) for view in views_of(BRANCH)}
    tried = refused = 0
    with closing(door.open()) as reader:
        for schema, name in asked(RELATIONS, False):
            if (schema, name) in own:
                continue
            tried += 1
            with suppress(InsufficientPrivilege):
                reader.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(schema, name)))
                pytest.fail(f"{schema}.{name} can be read")
            refused += 1
    assert tried == refused > 300


def test_the_catalogues_tell_nothing_of_what_the_tables_hold(door: Door) -> None:
    """Names of tables are no secret in PostgreSQL; what stands in them is. Statistics hold samples of it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sample = "SELECT 1 FROM pg_stats WHERE most_common_vals::text LIKE %s OR histogram_bounds::text LIKE %s"
    assert asked(sample, *["%1390000%"] * 2)
    looked = 0
    with closing(door.open()) as reader:
        for schema, name in asked(RELATIONS, True):
            told = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE %s OR t::text LIKE %s")
            with suppress(
                InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState, psycopg.errors.FeatureNotSupported
            ):
                assert reader.execute(told.format(sql.Identifier(schema, name)), SECRETS).fetchone() == (0,), name
                looked += 1
    assert looked > 100


def refused(reader: psycopg.Connection[Any], statement: str) -> str | None:
    """The code of the refusal; nothing when it was done."""
    try:
        reader.execute(statement)  # type: ignore[call-overload]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_what_it_tries_is_refused(door: Door) -> None:
    """Each twice: as its sessions begin, and after it has made its own writable."""
    before = asked("SELECT count(*), min(status) FROM tickets_ticket")
    for statement in filter(None, (WRITES + REACHES).splitlines()):
        with closing(door.open()) as reader:
            assert refused(reader, statement), statement
            reader.execute("SET default_transaction_read_only = off")
            assert refused(reader, statement) in REFUSALS, statement
    assert asked("SELECT count(*), min(status) FROM tickets_ticket") == before


def test_nobody_elses_session_is_ended_or_watched(door: Door) -> None:
    [(ours,)] = asked("SELECT pg_backend_pid()")
    with closing(door.open()) as reader:
        for what in ("pg_terminate_backend", "pg_cancel_backend"):
            with pytest.raises(InsufficientPrivilege):
                reader.execute(f"SELECT {what}({ours})")  # type: ignore[call-overload]
        [(text,)] = reader.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [ours]).fetchall()
        assert text == "<insufficient privilege>"


def test_it_gives_nothing_on(door: Door) -> None:
    """PostgreSQL only warns; what counts is that nothing was given."""
    before = asked("SELECT relacl::text FROM pg_class WHERE relname = 'bi_type_v1' ORDER BY oid")
    with closing(door.open()) as reader:
        reader.execute("SET default_transaction_read_only = off")
        reader.execute("GRANT SELECT ON bi_type_v1 TO PUBLIC")
    assert asked("SELECT relacl::text FROM pg_class WHERE relname = 'bi_type_v1' ORDER BY oid") == before
