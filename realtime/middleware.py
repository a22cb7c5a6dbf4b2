"""The socket's door: branch by host, page origin by exact comparison, person by the branch's own session.

The stock authentication of the sockets library looks people up in the wrong schema, and its origin check lets any
sibling branch in (multitenancy.md 5.1); hence our own.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.cookie import parse_cookie

from realtime import reading
from realtime.access import may_listen
from realtime.db import run_in_tenant
from realtime.listener import Send
from steppe.kernel.actors import Actor
from steppe.kernel.names import PUBLIC
from tenants.hosts import bare_host, branch_at
from tenants.models import Status, Tenant

PATH = "/ws/live"
DEFAULT_PORTS = {"http": 80, "https": 443}
Application = Callable[[dict[str, Any], Any, Send], Awaitable[None]]
log = logging.getLogger("steppe.live")


class Refused(Exception):
    """The handshake is refused; the reason is for our log, the caller only learns 403."""


class TenantAuthWS:
    """Lets a signed-in person's own page of an active branch through, and nobody else."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        try:
            known = await admit(scope)
        except Refused as refusal:
            log.info("socket refused", extra={"why": str(refusal)})
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.app({**scope, **known}, receive, send)


async def admit(scope: dict[str, Any]) -> dict[str, Any]:
    """Branch, session and actor of the handshake. Raises Refused."""
    if scope["path"].rstrip("/") != PATH:
        raise Refused("path")
    host = bare_host(_header(scope, b"host"))
    tenant = await database_sync_to_async(branch_at, thread_sensitive=False)(host)
    if tenant is None or tenant.schema_name == PUBLIC or tenant.status != Status.ACTIVE:
        raise Refused("branch")
    if _header(scope, b"origin") != page_origin(host):
        raise Refused("origin")
    session_key, actor = await _who(scope, tenant)
    return {"tenant": tenant, "session_key": session_key, "actor": actor}


def page_origin(host: str) -> str:
    """Where this branch's pages come from, as a browser writes it: a scheme's own port is left out."""
    port = settings.STEPPE_WEB_PORT
    shown = "" if port == DEFAULT_PORTS[settings.STEPPE_SCHEME] else f":{port}"
    return f"{settings.STEPPE_SCHEME}://{host}{shown}"


async def _who(scope: dict[str, Any], tenant: Tenant) -> tuple[str, Actor]:
    cookies = parse_cookie("; ".join(_all(scope, b"cookie")))
    session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not session_key:
        raise Refused("no session")
    found = await run_in_tenant(tenant, reading.actors_of, tenant, [session_key])
    actor = found.get(session_key)
    if actor is None or not may_listen(actor):
        raise Refused("session" if actor is None else "role")
    return session_key, actor


def _header(scope: dict[str, Any], name: bytes) -> str:
    """The header's only value; two of a kind are a trick."""
    values = _all(scope, name)
    if len(values) != 1:
        raise Refused(f"{len(values)} × {name.decode()}")
    return values[0]


def _all(scope: dict[str, Any], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]
