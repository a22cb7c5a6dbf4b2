"""The product's own callback, served by threads; its clock is everybody's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from tests.faults.times import Moment
from tests.wechat.site import Quiet, Server


@contextmanager
def serving(port: int, moment: Moment) -> Iterator[None]:
    """At this port, for as long as the block."""
    handler = WSGIHandler()

    def moved(environ: dict[str, Any], start_response: Any) -> Any:
        with moment.here():
            return handler(environ, start_response)

    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(moved)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
