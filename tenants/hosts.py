"""Which branch a host name belongs to; asked on every request, remembered for half a minute.

A suspended branch must close its doors in every process at once: once a second a process asks Valkey whether any
branch changed (tenants.news), and forgets all. Without Valkey it forgets all every few seconds.
"""

import time
from threading import Lock

from django.conf import settings

from steppe.kernel.db import connection
from tenants import news
from tenants.context import in_public
from tenants.models import Domain, Tenant

TTL = 30.0
LIMIT = 5000
ASK_EVERY = 1.0
WITHOUT_VALKEY = 3.0

Known = dict[str, tuple[float, Tenant | None]]

_known: Known = {}
_lock = Lock()
_word: bytes | None = None
_ask_at = 0.0


def bare_host(host: str) -> str:
    """Lower case, without port and final dot."""
    return host.rsplit(":", 1)[0].rstrip(".").lower() if not host.endswith("]") else host.lower()


def branch_at(host: str) -> Tenant | None:
    """The branch (or headquarters) at this host, or None. No query for a host outside our domain."""
    name = bare_host(host)
    if not name.endswith(f".{settings.STEPPE_BASE_DOMAIN}"):
        return None
    now = time.monotonic()
    if now >= _ask_at:
        _ask_for_news(now)
    known = _known
    until, tenant = known.get(name, (0.0, None))
    return tenant if until > now else _look_up(name, known)


def forget() -> None:
    """Drop what is remembered (after a change of a branch's status or name in this process)."""
    global _known, _ask_at
    _known = {}
    _ask_at = 0.0


def _ask_for_news(now: float) -> None:
    """Other threads go on meanwhile: the next time to ask is set first."""
    global _known, _word, _ask_at
    _ask_at = now + ASK_EVERY
    word = news.word()
    if word is None:
        _ask_at = now + WITHOUT_VALKEY
    if word is None or word != _word:
        _known, _word = {}, word


def _look_up(name: str, known: Known) -> Tenant | None:
    """What was read before the others were told must not be remembered after: it goes into the book of then."""
    with in_public():
        domain = Domain.objects.select_related("tenant").filter(domain=name).first()
    connection.set_schema_to_public()
    tenant = domain.tenant if domain else None
    with _lock:
        if len(known) > LIMIT:
            known.clear()
        known[name] = (time.monotonic() + TTL, tenant)
    return tenant
