"""Which branch a host name belongs to; asked on every request, remembered for half a minute."""

import time
from threading import Lock

from django.conf import settings

from steppe.kernel.db import connection
from tenants.context import in_public
from tenants.models import Domain, Tenant

TTL = 30.0
LIMIT = 5000

_known: dict[str, tuple[float, Tenant | None]] = {}
_lock = Lock()


def bare_host(host: str) -> str:
    """Lower case, without port and final dot."""
    return host.rsplit(":", 1)[0].rstrip(".").lower() if not host.endswith("]") else host.lower()


def branch_at(host: str) -> Tenant | None:
    """The branch (or headquarters) at this host, or None. No query for a host outside our domain."""
    name = bare_host(host)
    if not name.endswith(f".{settings.STEPPE_BASE_DOMAIN}"):
        return None
    until, tenant = _known.get(name, (0.0, None))
    if until > time.monotonic():
        return tenant
    return _look_up(name)


def forget() -> None:
    """Drop what is remembered (after a change of a branch's status or name in this process)."""
    with _lock:
        _known.clear()


def _look_up(name: str) -> Tenant | None:
    with in_public():
        domain = Domain.objects.select_related("tenant").filter(domain=name).first()
    connection.set_schema_to_public()
    tenant = domain.tenant if domain else None
    with _lock:
        if len(_known) > LIMIT:
            _known.clear()
        _known[name] = (time.monotonic() + TTL, tenant)
    return tenant
