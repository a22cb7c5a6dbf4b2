"""Sessions in the branch's own schema, as Django keeps them; read with one plain statement, on every request."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Base
from django.utils import timezone

from steppe.kernel.db import connection, prepared

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(Base):
    """Building the same query from models took a fifth of a small request."""

    def load(self) -> dict[str, Any]:
        with prepared(), connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
