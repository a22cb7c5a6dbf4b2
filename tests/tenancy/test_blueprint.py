"""The second branch of a release is made by what the migrations of the first came to, and nobody can tell."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader

from tenants import blueprint
from tenants.context import in_branch, in_public
from tenants.models import Blueprint, Status, Tenant
from tenants.services import create_branch
from tests.databases import Database
from tests.queries import statements

COLUMNS = """
SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, character_maximum_length,
       numeric_precision, numeric_scale, is_identity, identity_generation, is_generated, generation_expression,
       collation_name
  FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT c.conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated,
       pg_get_constraintdef(c.oid)
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = %s ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2"
TRIGGERS = """
SELECT c.relname, tgname, tgenabled, pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND NOT tgisinternal ORDER BY 1, 2
"""
FUNCTIONS = """
SELECT proname, pg_get_functiondef(p.oid), proacl::text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
 WHERE n.nspname = %s ORDER BY 1
"""
VIEWS = "SELECT viewname, definition FROM pg_views WHERE schemaname = %s ORDER BY 1"
THINGS = """
SELECT relname, relkind, relpersistence, relacl::text, reloptions::text, obj_description(c.oid) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s ORDER BY 1
"""
NEXT_IDS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s ORDER BY 1"
CATALOG = (COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, VIEWS, THINGS, NEXT_IDS)
OF_THE_MOMENT = {"applied", "epoch", "published_at", "drafted_at"}


def test_the_second_branch_of_a_release_is_the_first_one_s_twin(
    committed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it follows no migration: what an earlier release came to is forgotten."""
    assert Blueprint.objects.get().release == blueprint.release()
    monkeypatch.setattr(blueprint, "release", lambda: "another")
    (first, long), (second, short) = opened_in_steps("AA"), opened_in_steps("BB")
    assert Blueprint.objects.get().release == "another" and long > 1000 > 300 > short
    for question in CATALOG:
        assert catalog(first, question) == catalog(second, question)
        assert catalog(first, question), question
    assert contents(first) == contents(second)
    assert epoch(first) != epoch(second)


def test_what_goes_wrong_on_the_way_leaves_no_schema(committed: Database) -> None:
    """And the next run opens the branch."""
    good = Blueprint.objects.get().script
    Blueprint.objects.update(script=good + ";\nSELECT 1 FROM nowhere")
    with pytest.raises(ProgrammingError, match="nowhere"):
        opened("AA")
    tenant = Tenant.objects.get(code="AA")
    assert tenant.status == Status.PROVISIONING and not schemas(tenant.schema_name)
    Blueprint.objects.update(script=good)
    assert opened("AA").pk == tenant.pk
    assert Tenant.objects.get(code="AA").status == Status.ACTIVE


def test_a_branch_of_the_script_goes_on_with_later_migrations(committed: Database) -> None:
    """To Django nothing is left to do there, and it can go a step back and forth again."""
    tenant = opened("AA")
    before_the_last = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "tickets")[-2]
    call_command(
        "migrate_schemas", "tickets", before_the_last, schema_name=tenant.schema_name, verbosity=0, interactive=False
    )
    assert [one for one in blueprint.migrate(tenant) if "TABLE" in one or "INDEX" in one]
    assert not [one for one in blueprint.migrate(tenant) if "TABLE" in one or "INDEX" in one]


def test_a_script_that_names_a_branch_is_not_kept(committed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    Blueprint.objects.all().delete()
    monkeypatch.setattr(blueprint, "migrate", lambda tenant: [f"CREATE TABLE {tenant.schema_name}.x ()"])
    tenant = Tenant.objects.create(schema_name="t_named0001", code="AA", slug="aaa", name="x")
    blueprint.build(tenant)
    assert not Blueprint.objects.exists()


def opened(code: str) -> Tenant:
    return create_branch(code=code, slug=f"branch-{code.lower()}", name=code)


def opened_in_steps(code: str) -> tuple[Tenant, int]:
    """With the number of statements."""
    with statements() as told:
        return opened(code), len(told)


def catalog(tenant: Tenant, question: str) -> list[tuple[str, ...]]:
    """The answer as it reads without the branch's own name."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(question, [tenant.schema_name])
        return [tuple(str(value).replace(tenant.schema_name, "SCHEMA") for value in row) for row in cursor.fetchall()]


def contents(tenant: Tenant) -> dict[str, list[Any]]:
    """Every row of every table, but for the moment it was written."""
    with in_branch(tenant), connection.cursor() as cursor:
        return {name: rows(cursor, name) for (name,) in tables(cursor, tenant)}


def tables(cursor: Any, tenant: Tenant) -> list[tuple[str]]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [tenant.schema_name])
    return list(cursor.fetchall())


def rows(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f"SELECT to_jsonb(x)::text FROM {table} x")
    found = [{k: v for k, v in json.loads(row).items() if k not in OF_THE_MOMENT} for (row,) in cursor.fetchall()]
    return sorted(found, key=str)


def epoch(tenant: Tenant) -> str:
    with in_branch(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT epoch FROM journal_stream")
        return str(cursor.fetchone()[0])


def schemas(name: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
        return list(cursor.fetchall())
