"""A system of others, listening: a real HTTP server on this machine that checks signatures as docs/partners.md says."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Answers with `status` after `wait_s`; remembers what it was told and whether the signature was right."""

    def __init__(self, signing_key: str = "") -> None:
        self.signing_key, self.status, self.wait_s, self.answer = signing_key, 204, 0.0, b""
        self.location = ""
        self.heard: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append(receiver.judged(self.path, dict(self.headers), body))
                time.sleep(receiver.wait_s)
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}/events"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def judged(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        given = {name.lower(): value for name, value in headers.items()}
        return {
            "id": given["webhook-id"], "body": json.loads(body), "raw": body, "path": path, "headers": given,
            "genuine": self._genuine(given, body),
        }  # fmt: skip

    def _genuine(self, given: dict[str, str], body: bytes) -> bool:
        """Written out here on purpose: what a stranger would write from the paper."""
        key = base64.b64decode(self.signing_key.removeprefix("whsec_"))
        signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + body
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        recent = abs(time.time() - int(given["webhook-timestamp"])) < 300
        return recent and f"v1,{right}" in given["webhook-signature"].split(" ")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
