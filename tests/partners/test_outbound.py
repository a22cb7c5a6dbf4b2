"""Where we do not call, whatever the name says: our own network, this machine, anything that is not plain internet."""

import socket
from typing import Any

import pytest

from apps.partners import outbound
from apps.partners.outbound import Answer
from apps.partners.rules.addresses import Address, host_entry, is_public, parse
from apps.partners.rules.signing import headers, signature
from tests.partners.receiver import Receiver

OURS = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1",
    "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1",
    "2002:7f00:1::1", "2001:0:a00:1::1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2001:db8::1", "fe80::1%eth0", "x", "",
]  # fmt: skip
THEIRS = ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8"]
NOT_PUBLIC = "the name leads to an address that is not public"
HEADERS = headers("whsec_" + "A" * 43 + "=", "an-id", 1, b"{}")


@pytest.mark.parametrize("address", OURS)
def test_an_address_of_ours_is_never_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", THEIRS)
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


def to(url: str) -> Address:
    found = parse(url)
    assert found
    return found


@pytest.mark.parametrize("address", OURS)
def test_a_name_that_leads_into_our_network_is_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_asked", _never)
    answer = outbound.post(to("https://bss.example.com/"), b"{}", HEADERS, resolver=lambda *_: [address])
    assert answer == Answer(None, NOT_PUBLIC)


def test_one_address_of_ours_among_good_ones_condemns_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_asked", _never)
    for found in (["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], []):
        answer = outbound.post(to("https://bss.example.com/"), b"{}", HEADERS, resolver=lambda *_, at=found: at)
        assert answer.text == NOT_PUBLIC


def _never(*_told: Any) -> Answer:
    raise AssertionError("called")


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the name is asked once, and what it means a moment later is nobody's business."""
    asked: list[str] = []
    connected: list[Any] = []
    meanings = iter([["8.8.8.8"], ["127.0.0.1"]])

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(meanings)

    def connect(self: socket.socket, address: Any) -> None:
        connected.append(address)
        raise OSError("far away")

    def getaddrinfo(host: str, port: int, *_told: Any, **_more: Any) -> list[Any]:
        assert host == "8.8.8.8", f"{host} was resolved a second time"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    answer = outbound.post(to("https://bss.example.com/"), b"{}", HEADERS, resolver=resolver)
    assert asked == ["bss.example.com"] and connected == [("8.8.8.8", 443)] and answer.status is None


def test_the_certificate_must_prove_the_name_and_not_the_address() -> None:
    pool = outbound._pool(to("https://bss.example.com/"), "8.8.8.8")
    assert (pool.host, pool.port, pool.cert_reqs) == ("8.8.8.8", 443, "CERT_REQUIRED")  # type: ignore[attr-defined]
    assert pool.assert_hostname == "bss.example.com"  # type: ignore[attr-defined]
    assert pool.conn_kw["server_hostname"] == "bss.example.com"


def test_this_machine_is_called_only_by_the_setting(receiver: Receiver, settings: Any) -> None:
    receiver.signing_key = "whsec_" + "A" * 43 + "="
    assert outbound.post(to(receiver.url), b"{}", HEADERS).status == 204
    settings.STEPPE_PARTNERS_LOOPBACK = False
    assert outbound.post(to(receiver.url), b"{}", HEADERS) == Answer(None, "only https is called")
    secure = to(receiver.url.replace("http:", "https:"))
    assert outbound.post(secure, b"{}", HEADERS) == Answer(None, NOT_PUBLIC)
    assert len(receiver.heard) == 1


def test_the_setting_opens_this_machine_and_nothing_else(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_asked", _never)
    for found in (["10.0.0.1"], ["127.0.0.1", "10.0.0.1"]):
        answer = outbound.post(to("https://bss.example.com/"), b"{}", HEADERS, resolver=lambda *_, at=found: at)
        assert answer == Answer(None, NOT_PUBLIC)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    other = Receiver()
    receiver.status, receiver.location = status, other.url
    answer = outbound.post(to(receiver.url), b"{}", HEADERS)
    assert answer.status == status and not answer.arrived and other.heard == []
    other.close()


def test_no_proxy_is_taken_from_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Receiver()
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{proxy.host}")
    assert outbound.post(to(receiver.url), b"{}", HEADERS).status == 204
    assert len(receiver.heard) == 1 and proxy.heard == []
    proxy.close()


def test_a_name_that_cannot_be_resolved_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_told: Any, **_more: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert outbound.post(to("https://bss.example.com/"), b"{}", HEADERS).text == "the name cannot be resolved"


def test_what_is_no_host_is_not_listed() -> None:
    for text in ("", " ", "a b", "http://x/", "x/y", "x:0x", "x:99999", "*.example.com", "x@y", "-x", "x..y", "[::1]"):
        assert host_entry(text) == "", text
    assert host_entry("BSS.example.com:443") == "bss.example.com"


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the specification of Standard Webhooks gives."""
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330
    body = b'{"test": 2432232314}'
    expected = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body) == expected
