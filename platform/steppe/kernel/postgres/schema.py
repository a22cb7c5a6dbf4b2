"""Changing tables may take its time; who waits for a row may not."""

from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor as Base

# What a page may never need, an index over a year of tickets does. `lock_timeout` stays: nobody queues behind us.
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class DatabaseSchemaEditor(Base):
    """A migration runs without the limits of a request; afterwards the connection has them again."""

    def __enter__(self) -> Any:
        self._each("SET {} = 0")
        return super().__enter__()

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        try:
            super().__exit__(exc_type, exc_value, traceback)
        finally:
            if not self.connection.needs_rollback:  # else the rollback outside takes back our SET too
                self._each("RESET {}")

    def _each(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            for limit in LIMITS:
                cursor.execute(statement.format(limit))
