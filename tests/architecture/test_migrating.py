"""Migrations may take their time; what a page asks may not."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from tests.cast import Branch

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout")


def limits() -> list[str]:
    with connection.cursor() as cursor:
        return [cursor.execute(f"SHOW {limit}").fetchone()[0] for limit in LIMITS]


def test_a_migration_has_no_time_limit_and_everything_else_has(committed: Any, lotus: Branch) -> None:
    usual = limits()
    assert usual == ["15s", "30s", "3s"]
    with connection.schema_editor() as editor:
        assert limits() == ["0", "0", "3s"]  # nobody waits behind us for a table
        editor.execute("CREATE TABLE a_tests_table ()")
    assert limits() == usual


def test_after_a_migration_that_failed_the_limits_are_back(committed: Any) -> None:
    usual = limits()
    with pytest.raises(ZeroDivisionError), connection.schema_editor():
        raise ZeroDivisionError
    with pytest.raises(OperationalError), connection.schema_editor() as editor:
        editor.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(2)")
    assert limits() == usual


def test_real_migrations_go_that_way(committed: Any) -> None:
    """The executor asks the connection for its schema editor; this says when it no longer does."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        MigrationExecutor(connection).migrate([("sessions", None)])
    dropped = next(at for at, sql in enumerate(seen) if sql.startswith("DROP TABLE"))
    assert "SET statement_timeout = 0" in seen[:dropped] and "RESET statement_timeout" in seen[dropped:]
