"""What stands in which schema: no bridge between branches, nothing of a branch in `public`."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from steppe.boot.checks import tables_of
from tests.cast import Branch

BRIDGES = """
SELECT c.conname, a.nspname, b.nspname FROM pg_constraint c
  JOIN pg_class x ON x.oid = c.conrelid JOIN pg_namespace a ON a.oid = x.relnamespace
  JOIN pg_class y ON y.oid = c.confrelid JOIN pg_namespace b ON b.oid = y.relnamespace
 WHERE c.contype = 'f' AND a.oid <> b.oid
"""
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE'"
SHAPES = """
SELECT table_name, column_name, data_type, is_nullable, column_default IS NOT NULL, character_maximum_length
  FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, 2
"""
INDEXES = "SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = %s ORDER BY 1"

# Of a table's plain indexes: those whose columns another begins with, wherever the other holds every row.
REPEATED = """
SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text
  FROM pg_index a JOIN pg_class c ON c.oid = a.indexrelid
  JOIN pg_index b ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid AND b.indexprs IS NULL
       AND (b.indpred IS NULL OR pg_get_expr(b.indpred, b.indrelid) = pg_get_expr(a.indpred, a.indrelid))
 WHERE c.relnamespace = %s::regnamespace AND NOT a.indisunique AND a.indexprs IS NULL AND a.indpred IS NULL
   AND starts_with(b.indkey::text || ' ', a.indkey::text || ' ')
 ORDER BY 1
"""


def _labels(names: list[str]) -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name in names}


def _rows(sql: str, *params: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _tables(schema: str) -> set[str]:
    return {name for (name,) in _rows(TABLES, schema)}


def test_no_foreign_key_leads_from_one_schema_into_another(lotus_db: Branch) -> None:
    assert _rows(BRIDGES) == []


def test_no_table_of_a_branch_stands_in_public(lotus_db: Branch) -> None:
    """A missing schema would silently read it (reliability.md M8)."""
    only_branch = set(settings.TENANT_APPS) - set(settings.SHARED_APPS)
    assert _tables("public") & tables_of(_labels(list(only_branch))) == set()


def test_no_shared_table_stands_in_a_branch(lotus_db: Branch) -> None:
    only_shared = set(settings.SHARED_APPS) - set(settings.TENANT_APPS)
    assert _tables(lotus_db.tenant.schema_name) & tables_of(_labels(list(only_shared))) == set()


def test_the_written_list_of_both_stands_in_both(lotus_db: Branch, maple: Branch) -> None:
    both = tables_of(_labels(settings.BOTH))
    for schema in ("public", lotus_db.tenant.schema_name, maple.tenant.schema_name):
        assert both <= _tables(schema)


def test_every_table_belongs_to_a_model(lotus_db: Branch) -> None:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    assert _tables("public") | _tables(lotus_db.tenant.schema_name) <= known


def test_all_branches_have_the_same_shape(lotus_db: Branch, maple: Branch) -> None:
    schemas = (lotus_db.tenant.schema_name, maple.tenant.schema_name)
    for question in (SHAPES, INDEXES):
        first, second = ([tuple(str(v) for v in row) for row in _rows(question, schema)] for schema in schemas)
        assert first == second


def test_migrations_follow_the_models(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_systems_own_checks_pass(db: None) -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


@pytest.mark.parametrize("where", ["public", "a branch"])
def test_no_index_of_ours_only_repeats_the_beginning_of_another(lotus_db: Branch, where: str) -> None:
    """Each is written with every row and each change of one (decision 18). Django's own tables stay as they are."""
    schema = "public" if where == "public" else lotus_db.tenant.schema_name
    repeated = [(name, other) for name, other in _rows(REPEATED, schema) if not re.match(r"\W*(\w+\W)?auth_", name)]
    assert repeated == []


def test_no_column_has_a_second_index_for_like(lotus_db: Branch) -> None:
    for schema in ("public", lotus_db.tenant.schema_name):
        assert [one for (one,) in _rows(INDEXES, schema) if "_pattern_ops" in one] == []
