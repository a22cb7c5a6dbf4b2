"""A branch in miniature for the browser: a stream of numbered frames, rows, hints, snapshots, and faults."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.sync.server import Server, ServerConnection, serve

from steppe import ui

STATIC = Path(ui.__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass
class StandIn:
    """What the server knows, what it was asked, and how it misbehaves."""

    epoch: str = "e1"
    log: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)  # a ticket that left the view keeps counting
    retained_from: int = 0
    refuse_sockets: bool = False
    requests: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    post_answers: list[int] = field(default_factory=list)
    stale_rows: dict[str, int] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)
    more: dict[str, tuple[str, str]] = field(default_factory=dict)  # path → (type, text)
    body: str = ""
    sockets: list[ServerConnection] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    web_port: int = 0
    ws_port: int = 0

    @property
    def head(self) -> int:
        """The last number given out."""
        return len(self.log)

    def change(self, public_id: str, *, tell: bool = True, gone: bool = False, kind: str = "ticket") -> dict[str, Any]:
        """A committed change of one ticket: a new version, a number, and (unless lost on the way) a frame."""
        with self.lock:
            version = self.versions.get(public_id, 0) + 1
            self.rows[public_id] = self.versions[public_id] = version
            if gone:
                self.rows.pop(public_id)
            frame = {"e": self.epoch, "s": self.head + 1, "k": kind, "i": public_id, "v": version}
            self.log.append(frame)
            if tell:
                self.send(frame)
            return frame

    def send(self, frame: dict[str, Any]) -> None:
        """To every open socket."""
        for wire in list(self.sockets):
            try:
                wire.send(json.dumps(frame))
            except Exception:  # a socket that has just gone
                self.sockets.remove(wire)

    def beat(self) -> None:
        """The heartbeat with the head's number."""
        self.send({"t": "hb", "e": self.epoch, "s": self.head})

    def cut(self) -> None:
        """Every socket drops, as when a proxy restarts."""
        for wire in list(self.sockets):
            wire.socket.close()
        self.sockets.clear()

    def asked(self, path: str) -> list[str]:
        """The requests for one path so far."""
        return [request for request in self.requests if urlsplit(request).path == path]

    # -- answers -----------------------------------------------------------------------------------------------

    def row(self, public_id: str) -> str:
        """One row as this viewer may see it."""
        version = self.stale_rows.get(public_id) or self.rows.get(public_id)
        if version is None:
            return f'<tr id="t-{public_id}" data-gone></tr>'
        alarm = f' data-alarm="{self.alarms[public_id]}"' if public_id in self.alarms else ""
        return f'<tr id="t-{public_id}" data-v="{version}"{alarm}><td><button>{public_id} v{version}</button></td></tr>'

    def hints(self, query: dict[str, list[str]]) -> tuple[int, str, str]:
        """What the socket would have said after a number."""
        after = int(query["after"][0])
        if query["epoch"][0] != self.epoch:
            return 409, "application/json", json.dumps({"snapshot": True})
        if after < self.retained_from:
            return 410, "application/json", json.dumps({"snapshot": True})
        answer = {"epoch": self.epoch, "head": self.head, "hints": self.log[after:]}
        return 200, "application/json", json.dumps(answer)

    def snapshot(self) -> str:
        """The list afresh, with the number it is good for."""
        rows = "".join(self.row(public_id) for public_id in self.rows)
        return f'<tbody data-live-rows data-epoch="{self.epoch}" data-seq="{self.head}">{rows}</tbody>'

    def page(self) -> str:
        """The page in the browser."""
        rows = "".join(self.row(public_id) for public_id in self.rows)
        return f"""<!doctype html><html lang="zh-Hans" data-now="0"><head><title>stand-in</title>
        <meta name="csrf-token" content="token"><script src="/static/ui/js/early-taps.js"></script>
        <script type="module" src="/static/ui/js/console.js"></script>
        <script type="module" src="/static/ui/js/h5.js"></script>
        <link rel="stylesheet" href="/static/ui/css/live.css"></head>
        <body><fs-fresh data-t-live="实时" data-t-poll="轮询" data-t-lost="断 {{n}}"></fs-fresh>{self.body}
        <fs-list>
        <button data-list-new data-t-new="{{n}} new" hidden></button><p data-list-empty hidden>nothing</p>
        <fs-live data-ws="ws://127.0.0.1:{self.ws_port}/" data-hints="/live/hints" data-snapshot="/list" data-poll="300"
          data-rows="/rows/?view=all" data-idle="0" data-epoch="{self.epoch}" data-seq="{self.head}">
        <table role="grid"><tbody data-live-rows>{rows}</tbody></table></fs-live></fs-list>
        <div id="toasts"></div></body></html>"""


def handler_for(world: StandIn) -> type[BaseHTTPRequestHandler]:
    """The web half."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            world.requests.append(self.path)
            if parts.path.startswith("/static/"):
                path = STATIC / parts.path.removeprefix("/static/")
                self.answer(200, TYPES.get(path.suffix, "text/plain"), path.read_bytes())
                return
            with world.lock:
                status, kind, text = self.choose(parts.path, parse_qs(parts.query))
            self.answer(status, kind, text.encode())

        def choose(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, str]:
            if path == "/live/hints":
                return world.hints(query)
            if path == "/list":
                return 200, "text/html", world.snapshot()
            if path == "/rows/":
                return 200, "text/html", "".join(world.row(one) for one in query["ids"][0].split(","))
            if path in world.more:
                return 200, *world.more[path]
            return (200, "text/html", world.page()) if path == "/" else (404, "text/plain", "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = world.post_answers.pop(0) if world.post_answers else 200
            world.posts.append({"path": self.path, "headers": dict(self.headers), "body": body})
            if status == 0:
                self.close_connection = True  # the answer is lost on the way
                self.connection.close()
                return
            self.answer(status, "application/json", b'{"id": "p-1"}')

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            policy = (
                f"default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws://127.0.0.1:{world.ws_port}"
            )
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def running() -> Iterator[StandIn]:
    """Both halves on ports of their own."""
    world = StandIn()

    def socket(wire: ServerConnection) -> None:
        world.sockets.append(wire)
        try:
            for _ in wire:
                pass
        except Exception:
            return

    def gate(wire: ServerConnection, request: Any) -> Any:
        return wire.respond(503, "no sockets here\n") if world.refuse_sockets else None

    web = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(world))
    web.daemon_threads = True
    live: Server = serve(socket, "127.0.0.1", 0, process_request=gate)
    world.web_port, world.ws_port = web.server_address[1], live.socket.getsockname()[1]
    threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
    threading.Thread(target=live.serve_forever, daemon=True).start()
    try:
        yield world
    finally:
        world.cut()
        live.shutdown()
        web.shutdown()
        web.server_close()
