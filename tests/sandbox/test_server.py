"""The sandbox as it really runs, and that it stands alone."""

import ast
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from tests.sandbox.driver import APPID, account, person

REPOSITORY = Path(__file__).parents[2]
STRANGERS = {"django", "wechatpy", "steppe", "apps", "tenants", "realtime", "infra", "celery", "channels"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """A sandbox under its real server."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "sandbox.app:app"], cwd=REPOSITORY, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(f"{address}/_sandbox/health", trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the sandbox did not start")


@pytest.fixture
def callback_url() -> Iterator[tuple[str, list[str]]]:
    """A callback that answers `success` and notes the Host it was asked for."""
    hosts: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            hosts.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"success")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://xilingol.localhost:{server.server_port}/wx/cb/key", hosts
    server.shutdown()
    server.server_close()


def test_a_card_goes_out_and_its_receipt_comes_back(root: str, callback_url: tuple[str, list[str]]) -> None:
    url, hosts = callback_url
    with httpx.Client(base_url=root, trust_env=False) as client:
        token = _introduced(client, url)
        message = json.dumps({"touser": "oT1", "template_id": "T", "data": {"thing1": {"value": "宽带"}}})
        sent = client.post("/cgi-bin/message/template/send", params={"access_token": token}, content=message)
        assert sent.json()["errcode"] == 0
        (push,) = client.get("/_sandbox/pushes", params={"settle_s": 5}).json()
    assert push["state"] == "delivered"
    assert hosts == [url.split("/")[2]]


def test_a_connection_breaks_after_the_card_went_out(root: str) -> None:
    with httpx.Client(base_url=root, trust_env=False) as client:
        token = _introduced(client, "")
        client.post("/_sandbox/inject", json={"path": "template/send", "action": {"drop_after": True}})
        message = {"touser": "oT1", "template_id": "T", "data": {"thing1": {"value": "宽带"}}}
        with pytest.raises(httpx.TransportError):
            client.post("/cgi-bin/message/template/send", params={"access_token": token}, json=message)
        assert len(client.get("/_sandbox/outbox").json()) == 1


def _introduced(client: httpx.Client, callback_url: str) -> str:
    """A fresh scene with one account and one person; returns a token."""
    template = {"template_id": "T", "title": "新工单", "keywords": [["thing1", "故障类型"]]}
    client.post("/_sandbox/reset")
    client.post("/_sandbox/accounts", json=account(callback_url=callback_url, templates=[template]))
    client.post("/_sandbox/users", json=person(follows=[{"appid": APPID, "openid": "oT1"}]))
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": f"secret-of-{APPID}"}
    token: str = client.post("/cgi-bin/stable_token", json=asked).json()["access_token"]
    return token


def test_the_sandbox_imports_nothing_of_the_product() -> None:
    for file in (REPOSITORY / "sandbox").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in STRANGERS, f"{file.name} imports {name}"
