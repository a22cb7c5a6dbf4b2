"""Tells the realtime processes of a branch's news, from processes that know no event loop (relay, web, worker).

One loop in a background thread keeps one connection. Nobody waits for it: news may be lost, rooms also look.
"""

import asyncio
import logging
import os
import threading
from concurrent.futures import Future
from typing import Any

from channels.layers import get_channel_layer

from realtime.groups import stream_group
from steppe.kernel import bells

log = logging.getLogger("steppe.live")
_starting = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}  # by process: a forked worker makes its own


@bells.numbered.heard_by("realtime")
def announce(schema: str, epoch: str, seq: int) -> None:
    """The branch's stream now ends here."""
    _post(schema, {"type": "numbered", "e": epoch, "s": seq})


@bells.rights_changed.heard_by("realtime")
def recheck(schema: str, who: str = "") -> None:
    """Look again whether these sockets may stay open: one person's, or all."""
    _post(schema, {"type": "recheck", "who": who})


def _post(schema: str, message: dict[str, Any]) -> None:
    sending = get_channel_layer().group_send(stream_group(schema), message)
    asyncio.run_coroutine_threadsafe(sending, _loop()).add_done_callback(_note_failure)


def _note_failure(done: "Future[None]") -> None:
    if error := done.exception():
        log.warning("news lost", extra={"error": type(error).__name__})


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        if os.getpid() not in _loops:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="announcer", daemon=True).start()
        return _loops[os.getpid()]
