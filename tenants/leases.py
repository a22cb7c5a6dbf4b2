"""Which relay looks after which branch. Public schema, the database's clock.

A lease only keeps two relays from doing the same work twice. Should both believe they hold one, nothing goes
wrong: the stream's row lock makes them take turns, and a subscriber's cursor is moved under its own lock.
"""

from typing import Any

from django.db import connection, transaction

from tenants.context import active_branches, in_public
from tenants.models import RelayLease, Tenant

SECONDS = 6  # after a crash another relay takes over within this time
RENEW_BELOW = 3

_TAKE = """
INSERT INTO tenants_relaylease (tenant_id, owner, until)
SELECT id, %(me)s, now() + make_interval(secs => %(seconds)s)
  FROM tenants_tenant WHERE id = ANY (%(branches)s) ORDER BY id
    ON CONFLICT (tenant_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
 WHERE tenants_relaylease.until < now()
    OR (tenants_relaylease.owner = %(me)s AND tenants_relaylease.until < now() + make_interval(secs => %(renew)s))
"""
_MINE = "SELECT tenant_id FROM tenants_relaylease WHERE owner = %s AND until > now()"


def take(me: str) -> list[Tenant]:
    """Renew what is mine, take what nobody holds; returns the active branches I look after. Three queries."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        branches = active_branches()
        wanted: dict[str, Any] = {
            "me": me,
            "seconds": SECONDS,
            "renew": RENEW_BELOW,
            "branches": [one.pk for one in branches],
        }
        cursor.execute(_TAKE, wanted)
        cursor.execute(_MINE, [me])
        mine = {row[0] for row in cursor.fetchall()}
    return [tenant for tenant in branches if tenant.pk in mine]


def give_back(me: str) -> None:
    """Let another relay begin at once."""
    with in_public():
        RelayLease.objects.filter(owner=me).delete()
