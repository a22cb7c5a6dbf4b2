"""django-tenants' engine, with a cheaper look at pooled connections before they are used again, no move of one that
stands where it is wanted, and a quick clock.
"""

import select
from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as Base

from steppe.kernel.postgres.moments import load_quickly
from steppe.kernel.postgres.schema import DatabaseSchemaEditor


class DatabaseWrapper(Base):  # type: ignore[misc]
    """A connection that the server has ended (restart, timeout) is thrown away, and the next one is taken.

    Django would ask each one with a statement of its own: a round trip per request. A server that ends a
    connection says so; an idle connection with something to read is therefore a dead one.
    """

    SchemaEditorClass = DatabaseSchemaEditor
    search_path_set_schemas: list[str] | None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        load_quickly(params["context"])
        return params

    def _handle_search_path(self, cursor: Any = None) -> None:
        """A pooled connection that the last request left in this very branch is not moved there again.

        Asked is the server's own word, not what anybody remembers: PostgreSQL reports the path from 18 on. Of an older
        one nothing is known, and it is moved.
        """
        if self.schema_name and not self.search_path_set_schemas and not self._setting_search_path:
            wanted = self._get_cursor_search_paths()
            if self.connection.pgconn.parameter_status(b"search_path") == ", ".join(wanted).encode():
                self.search_path_set_schemas = wanted
                return
        super()._handle_search_path(cursor)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        while True:
            connection = super().get_new_connection(conn_params)
            if not self.pool or not has_ended(connection):
                return connection
            connection.close()
            self.pool.putconn(connection)  # which replaces a closed one


def has_ended(connection: Any) -> bool:
    """Has the server said goodbye, or anything else, while nobody asked it?"""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
