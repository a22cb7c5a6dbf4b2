"""The one place that speaks HTTP: an end to every wait, no redirects, no proxy of the environment, files sent whole."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.wechat.calls import http, oauth, probe
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.chat_errors import TooMuch
from apps.wechat.errors import ProtocolBroken, Transient
from tests.make import picture

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def client(hushed, office):
    made = TenantWeChatClient(office.secrets, api_root())
    _ = made.access_token
    return made


@contextmanager
def server(answer: bytes, drop: bytes = b"", every: float = 0.1) -> Iterator[str]:
    """Answers every caller with these bytes, then a drop again and again."""
    listening, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(caller,), daemon=True).start()

    def talk(caller: socket.socket) -> None:
        with caller:
            try:
                caller.recv(65536)
                caller.sendall(answer)
                while drop and not over.wait(every):
                    caller.sendall(drop)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


def ask(root: str) -> object:
    return http.ask(http.session(), "GET", f"{root}/cgi-bin/x")


@pytest.mark.parametrize(("head", "drop"), [(HEAD, b" "), (CHUNKED, b"1\r\n \r\n")], ids=["counted", "chunked"])
def test_an_answer_that_comes_drop_by_drop_is_given_up(monkeypatch, head, drop):
    monkeypatch.setattr(http, "ANSWER_S", 0.5)
    monkeypatch.setattr(http, "FILE_S", 0.5)
    began = time.monotonic()
    with server(head, drop) as root:
        with pytest.raises(Transient) as caught:
            ask(root)
        assert caught.value.ambiguous
        with pytest.raises(Transient):
            http.ask_bytes(http.session(), "GET", root, most=1000)
    assert time.monotonic() - began < 4


def test_an_answer_that_is_too_large_is_none(monkeypatch):
    monkeypatch.setattr(http, "ANSWER_BYTES", 1000)
    body = b'{"errcode":0,"x":"%s"}' % (b"x" * 2000)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(head + body) as root, pytest.raises(ProtocolBroken):
        ask(root)


def test_a_file_that_says_it_is_small_and_is_not_is_dropped_on_the_way():
    with server(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n", 0.01) as root, pytest.raises(TooMuch):
        http.ask_bytes(http.session(), "GET", root, most=5000)


def test_a_connection_that_breaks_inside_the_answer_is_no_answer():
    with server(HEAD + b'{"errcode":0') as root, pytest.raises(Transient) as caught:
        ask(root)
    assert caught.value.__context__ is None
    with server(HEAD + b"\x89PNG") as root, pytest.raises(Transient):
        http.ask_bytes(http.session(), "GET", root, most=5000)


def test_who_says_nothing_is_given_up(monkeypatch, client, office):
    monkeypatch.setattr(http, "TIMEOUT", (0.3, 0.3))
    with server(b"") as root, pytest.raises(Transient):
        ask(root)
    with silent() as root:
        client._root = root
        for call in (
            lambda: client.user_info("x"),
            lambda: client.media_get("x", most=10),
            lambda: client.menu.get(),
            lambda: ask(root),
        ):
            began = time.monotonic()
            client.gate.reopen()
            with pytest.raises(Transient):
                call()
            assert time.monotonic() - began < 3


@contextmanager
def silent() -> Iterator[str]:
    """Takes the call and never says a word."""
    with server(b"", b"") as root, socket.create_server(("127.0.0.1", 0)) as deaf:
        assert root
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}"


def test_so_are_the_token_and_the_sign_in(monkeypatch, office, settings):
    monkeypatch.setattr(http, "TIMEOUT", (0.3, 0.3))
    with silent() as root:
        settings.STEPPE_WECHAT_ROOT = root
        for call in (
            lambda: TenantWeChatClient(office.secrets, api_root()).access_token,
            lambda: oauth.exchange(office.secrets, "code"),
            lambda: probe.token(office.secrets),
        ):
            began = time.monotonic()
            with pytest.raises(Transient):
                call()
            assert time.monotonic() - began < 3


def test_no_redirect_is_followed(client, wx):
    away = b"HTTP/1.1 302 Found\r\nLocation: %s/cgi-bin/user/info?openid=o-lotus-wu\r\nContent-Length: 0\r\n\r\n"
    before = len(wx.calls("/cgi-bin/user/info"))
    with server(away % wx.root.encode()) as root:
        client._root = root
        with pytest.raises(Transient, match="no answer"):
            client.user_info("o-lotus-wu")
        with pytest.raises(Transient):
            client.media_get("x", most=10)
    assert len(wx.calls("/cgi-bin/user/info")) == before


def test_no_proxy_and_no_password_file_of_the_environment_is_used(office, wx, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("default login somebody password word\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert TenantWeChatClient(office.secrets, api_root()).user_info("o-lotus-wu").follows


def test_a_file_is_sent_whole_also_after_a_token_that_was_refused(client, wx):
    whole = picture("PNG")
    wx.spoil("media/upload", {"errcode": 40001})
    media_id = client.media.upload("image", io.BytesIO(whole))["media_id"]
    assert client.media_get(media_id, most=100_000) == whole
    wx.spoil("media/upload", {"errcode": 40001})
    media_id = client.media.upload("image", ("a.png", io.BytesIO(whole), "image/png"))["media_id"]
    assert client.media_get(media_id, most=100_000) == whole
