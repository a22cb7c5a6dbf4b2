"""The database's shelf (gateway.KeptValue, in `public`): what all processes share also while Valkey is away.

Each step is one statement on a connection of its own, committed at once: it waits for no transaction of the caller
and none waits for it, and nothing is held while WeChat is asked. It is used about once in an account's token's life,
or once a minute per process while Valkey is away.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

from django.db import Error

from apps.wechat.calls.shelves import Away
from steppe.kernel import clock
from steppe.kernel.db import connection

log = logging.getLogger("steppe.wechat.calls")
LONG_GONE = timedelta(days=1)
_GET = "SELECT sealed FROM public.gateway_keptvalue WHERE name = %s AND expires_at > %s"
_SET = """
INSERT INTO public.gateway_keptvalue AS kept (name, sealed, expires_at)
VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at
"""
_CLAIM = f"{_SET} WHERE kept.expires_at <= %s RETURNING 1"
_DROP = "DELETE FROM public.gateway_keptvalue WHERE name = %s RETURNING 1"
_FREE = "DELETE FROM public.gateway_keptvalue WHERE name = %s AND sealed = %s RETURNING 1"
_TIDY = "DELETE FROM public.gateway_keptvalue WHERE expires_at < %s"


class Kept:
    """A shelf as in calls/shelves.py."""

    def get(self, name: str) -> str:
        return _asked((_GET, [name, clock.now()]))

    def set(self, name: str, text: str, seconds: float) -> None:
        now = clock.now()
        _asked((_SET, [name, text, now + timedelta(seconds=seconds)]), (_TIDY, [now - LONG_GONE]))

    def drop(self, name: str) -> None:
        _asked((_DROP, [name]))

    def claim(self, name: str, owner: str, seconds: float) -> bool:
        now = clock.now()
        return bool(_asked((_CLAIM, [name, owner, now + timedelta(seconds=seconds), now])))

    def free(self, name: str, owner: str) -> None:
        _asked((_FREE, [name, owner]))


def _asked(*statements: tuple[str, Sequence[object]]) -> str:
    """Run them; the first column of what the first one gives back, or nothing. Raises Away."""
    try:
        with closing(connection.copy()) as own, own.cursor() as cursor:
            cursor.execute(*statements[0])
            row = cursor.fetchone() if cursor.description else None
            for statement in statements[1:]:
                cursor.execute(*statement)
    except Error as error:
        log.warning("the database keeps no tokens", extra={"error": type(error).__name__})
        raise Away from None
    return str(row[0]) if row else ""


KEPT = Kept()
