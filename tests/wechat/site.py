"""The product's own pages on a port of their own, for a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections


class Quiet(WSGIRequestHandler):
    """No lines on the terminal."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """Each request has a thread of its own, and so a connection: closed with it."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@contextmanager
def serving(settings: Any, sandbox: str) -> Iterator[int]:
    """The pages know the sandbox's JS-SDK, and may talk to it."""
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    settings.STEPPE_WEB_PORT = server.server_port
    settings.STEPPE_JSSDK_URL = f"{sandbox}/open/js/jweixin-1.6.0.js"
    settings.STEPPE_SANDBOX_ORIGINS = [sandbox, sandbox.replace("//localhost", "//*.localhost")]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
