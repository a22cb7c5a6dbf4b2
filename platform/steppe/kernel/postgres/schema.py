"""Changing tables may take its time; who waits for a row may not."""

from contextlib import nullcontext
from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor as Base

from steppe.kernel.postgres.views import set_aside

# What a page may never need, an index over a year of tickets does. `lock_timeout` stays: nobody queues behind us.
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class DatabaseSchemaEditor(Base):
    """A migration runs without the limits of a request; afterwards the connection has them again.

    Views above a table whose column changes its type step aside meanwhile; Django drops columns and tables with
    CASCADE, which would take such views along without a word: here it fails instead (docs/adding/a-bi-view.md).
    No column gets a second index for LIKE beside its own (decision 18).
    """

    def __enter__(self) -> Any:
        self._each("SET {} = 0")
        return super().__enter__()

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        try:
            super().__exit__(exc_type, exc_value, traceback)
        finally:
            if not self.connection.needs_rollback:  # else the rollback outside takes back our SET too
                self._each("RESET {}")

    def _alter_field(self, model: Any, old_field: Any, new_field: Any, *types: Any) -> None:
        """`types` begins with the old type and the new one."""
        aside = set_aside(self.connection, model._meta.db_table) if types[0] != types[1] else nullcontext()
        with aside:
            super()._alter_field(model, old_field, new_field, *types)  # type: ignore[misc]

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        """Codes and keys are looked up whole; 81 such indexes would be written with every row and read by nobody."""

    def remove_field(self, model: Any, field: Any) -> None:
        with set_aside(self.connection, model._meta.db_table):
            super().remove_field(model, field)

    def delete_model(self, model: Any) -> None:
        with set_aside(self.connection, model._meta.db_table):
            super().delete_model(model)

    def _each(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            for limit in LIMITS:
                cursor.execute(statement.format(limit))
