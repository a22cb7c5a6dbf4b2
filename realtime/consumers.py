"""The socket of a screen. It only listens; what a reader may hear is decided in the room."""

from collections.abc import Awaitable, Callable
from typing import Any

from realtime.hub import HUB
from realtime.listener import Listener, Send

Receive = Callable[[], Awaitable[dict[str, Any]]]


async def live(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Accept, join the branch's room, and stay until either side ends it. The scope was checked by TenantAuthWS."""
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    listener = Listener(send, scope["session_key"], scope["actor"])
    try:
        room = await HUB.join(scope["tenant"], listener)
    except Exception:
        listener.leave("failed")
        raise
    try:
        await _until_gone(receive, listener)
    finally:
        listener.gone()
        room.dismiss(listener)


async def _until_gone(receive: Receive, listener: Listener) -> None:
    """A screen has nothing to say here; one that talks is closed."""
    while (await receive())["type"] != "websocket.disconnect":
        listener.leave("speaking")
