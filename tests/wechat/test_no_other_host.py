"""Whatever is called on our client lands at our root: every method of wechatpy that is left, and every one of ours."""

import inspect
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from wechatpy import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI

from apps.wechat.calls import oauth, probe
from apps.wechat.calls.api.messages import Messages
from apps.wechat.calls.api.people import People
from apps.wechat.calls.api.places import Places
from apps.wechat.calls.api.templates import Templates
from apps.wechat.calls.api.upkeep import Upkeep
from apps.wechat.calls.client import LIBRARY_GROUPS, TenantWeChatClient
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import WeChatError
from tests import conftest

TOPICS = (Messages, Templates, Places, People, Upkeep)
ARTICLE = dict.fromkeys(("title", "content", "description", "url", "image", "thumb_media_id"), "x")
WORDS: dict[str, Any] = {
    "buttons": [], "most": 10, "seconds": 60, "kid_list": [1], "keyword_name_list": ["a"], "data": {}, "menu_data": {},
    "media_file": ("a.png", b"x"), "articles": [ARTICLE], "article": ARTICLE, "group_or_users": ["o"],
    "tag_or_users": ["o"], "items": [],
}  # fmt: skip
BUILDS_ONLY = {"message.get_subscribe_authorize_url", "media.get_url"}  # addresses for a browser: nothing is called


class Root:
    """Answers everything with a token and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        root = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                root.asked.append(self.path)
                body = b'{"errcode":0,"access_token":"t","expires_in":7200,"ticket":"t","msgid":1}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def root() -> Iterator[Root]:
    made = Root()
    yield made
    made.close()


@pytest.fixture
def met(monkeypatch) -> set[str]:
    """Every host a name was looked up for, or that was connected to."""
    hosts: set[str] = set()
    real = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **more: Any) -> Any:
        hosts.add(str(host))
        if host not in conftest.ALLOWED:
            raise RuntimeError(f"a test looked for {host}")
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return hosts


@pytest.fixture
def given(db) -> Credentials:
    """An account nobody knows."""
    return Credentials("wx0000000000000000", "gh_0", secrets.token_hex(16), "t", ("A" * 43,))


@pytest.fixture
def client(given, root, settings) -> TenantWeChatClient:
    settings.STEPPE_WECHAT_SANDBOX = True
    made = TenantWeChatClient(given, root.url)
    _ = made.access_token
    return made


def methods(of: object) -> dict[str, Any]:
    return {name: it for name, it in inspect.getmembers(of, inspect.isroutine) if not name.startswith("_")}


def arguments(method: Any) -> dict[str, Any]:
    wanted = inspect.signature(method).parameters.values()
    named = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [one for one in wanted if one.default is inspect.Parameter.empty and one.kind not in named]
    return {one.name: WORDS.get(one.name, "x") for one in needed}


LIBRARY = sorted(f"{group}.{name}" for group in LIBRARY_GROUPS for name in methods(getattr(WeChatClient, group)))
OURS = sorted(name for topic in TOPICS for name in methods(topic))


@pytest.mark.parametrize("called", LIBRARY)
def test_what_is_left_of_the_library_lands_at_our_root(client, root, met, called):
    group, name = called.split(".")
    method = getattr(getattr(client, group), name)
    before = len(root.asked)
    with suppress(WeChatError, KeyError):
        method(**arguments(method))
    assert met <= conftest.ALLOWED
    assert (len(root.asked) > before) != (called in BUILDS_ONLY)


@pytest.mark.parametrize("called", [*OURS, "jsapi_ticket", "fetch_access_token"])
def test_every_call_of_ours_lands_at_our_root(client, root, met, called):
    method = getattr(client, called)
    root.asked.clear()
    with suppress(WeChatError):
        method(**arguments(method))
    assert met <= conftest.ALLOWED
    assert root.asked or called == "fetch_access_token"


def test_nothing_else_of_the_library_can_be_reached(client):
    groups = {name for name, _ in inspect.getmembers(WeChatClient, lambda it: isinstance(it, BaseWeChatAPI))}
    assert groups >= LIBRARY_GROUPS
    assert {name for name in groups if getattr(client, name) is not None} == LIBRARY_GROUPS
    with pytest.raises(NotImplementedError):
        client._fetch_access_token("https://api.weixin.qq.com/cgi-bin/token", {})


@pytest.mark.parametrize(
    "address",
    [
        "https://api.weixin.qq.com/cgi-bin/menu/get",
        "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=x",
        "https://evil.example.com/cgi-bin/menu/get",
        "http://user:word@evil.example.com:81/cgi-bin/menu/get",
        "menu/get",
    ],
)
def test_whatever_host_somebody_has_in_mind(client, root, met, address):
    client.get(address)
    client.get(address, api_base_url="https://evil.example.com/")
    assert len(root.asked) == 1 + 2
    assert met <= conftest.ALLOWED


def test_sign_in_and_the_guides_probe_ask_the_same_root(given, root, met, settings):
    settings.STEPPE_WECHAT_ROOT, settings.STEPPE_WECHAT_SANDBOX = root.url, True
    with suppress(WeChatError):
        oauth.exchange(given, "code")
    probe.token(given)
    assert [path.split("?")[0] for path in root.asked] == ["/sns/oauth2/access_token", "/cgi-bin/stable_token"]
    assert met <= conftest.ALLOWED
