"""Has it come up? Asked by address, the site's name in the header: only browsers resolve *.localhost."""

import http.client
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit


def page_answers(port: int, host: str, path: str = "/") -> bool:
    """A page, followed through redirects within the site; a server error is no page."""
    for _hop in range(4):
        answer = _get(port, f"{host}:{port}", path)
        if answer is None or answer[0] >= 500:
            return False
        if answer[0] not in {301, 302, 303, 307}:
            return True
        path = urlsplit(answer[1])._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return True


def _get(port: int, host: str, path: str) -> tuple[int, str] | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location") or "/"
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def listens(port: int) -> bool:
    """Whether anything takes connections there."""
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex(("127.0.0.1", port)) == 0


def nothing() -> None:
    """What to do meanwhile, unless told otherwise."""


def wait_for(ready: Callable[[], bool], *, seconds: float, meanwhile: Callable[[], None] = nothing) -> bool:
    """Ask again and again, but calmly."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        meanwhile()
        time.sleep(0.1)
    return False
