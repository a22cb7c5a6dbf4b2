"""A dispatch screen without a browser: a real socket that keeps its number as <fs-live> does."""

import json
import socket
import time
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.cast import Branch

PAGE_PORT = 8000


def origin_of(host: str) -> str:
    """Where the branch's pages come from in the tests' settings."""
    return f"http://{host}:{PAGE_PORT}"


class Screen:
    """One open socket. Reading checks density as it goes: a gap or a repetition is an error at once."""

    def __init__(
        self,
        port: int,
        host: str,
        *,
        cookie: str | None,
        origin: str | None = "",
        path: str = "/ws/live",
        more: list[tuple[str, str]] | None = None,
    ) -> None:
        headers = ([("Cookie", f"sessionid={cookie}")] if cookie else []) + (more or [])
        self._open = ExitStack()
        dialled = connect(
            f"ws://{host}:{port}{path}",
            sock=socket.create_connection(("127.0.0.1", port), timeout=10),
            origin=origin_of(host) if origin == "" else origin,
            additional_headers=headers,
            proxy=None,
            open_timeout=10,
            close_timeout=1,  # a daphne that was killed says no goodbye
        )
        self.socket = self._open.enter_context(dialled)
        self.hello = self.next()
        self.epoch, self.seq = self.hello["e"], self.hello["s"]
        self.why = ""

    def next(self, seconds: float = 10) -> dict[str, Any]:
        """The next frame, whatever it is."""
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        return frame

    def read_to(self, seq: int, seconds: float = 10) -> list[dict[str, Any]]:
        """Every frame up to this number, one for each."""
        found, until = [], time.monotonic() + seconds
        while self.seq < seq:
            frame = self.next(max(0.05, until - time.monotonic()))
            if "t" in frame:
                continue
            assert frame["e"] == self.epoch
            assert frame["s"] == self.seq + 1, f"after {self.seq} came {frame}"
            self.seq = frame["s"]
            found.append(frame)
        return found

    def goodbye(self, seconds: float = 10) -> str:
        """Read until the server closes; returns the reason it gave."""
        try:
            while True:
                frame = self.next(seconds)
                self.why = frame.get("why", self.why)
        except ConnectionClosed:
            return self.why

    def close(self) -> None:
        self._open.close()


def cookie_of(branch: Branch, who: str) -> str:
    """A session of this person in the branch, in the database in use."""
    from tests.make import client_at

    return client_at(branch, branch.people[who]).cookies["sessionid"].value
