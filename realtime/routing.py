"""The ASGI side: one socket and nothing else. Pages are served by the WSGI process."""

from typing import Any

from channels.routing import ProtocolTypeRouter

from realtime.consumers import live
from realtime.listener import Send
from realtime.middleware import TenantAuthWS


async def nothing_here(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """Any page asked of this process."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This process serves sockets only.\n"})


application = ProtocolTypeRouter({"http": nothing_here, "websocket": TenantAuthWS(live)})
