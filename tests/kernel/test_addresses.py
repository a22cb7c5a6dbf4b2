"""Whose address a limit counts: the visitor's own, and never one the visitor made up."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory, override_settings

from steppe.boot.settings import env
from steppe.kernel.addresses import client_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def seen(peer: str, forwarded: str | None = None) -> str:
    headers: dict[str, Any] = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))


def test_without_trusted_proxies_the_header_is_not_believed() -> None:
    assert seen("10.0.0.1", "203.0.113.9") == "10.0.0.1"


@override_settings(STEPPE_TRUSTED_PROXIES=PROXIES)
@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # comes by itself and tells stories
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", " 203.0.113.9 , 10.0.0.2 ", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the left one is the visitor's own word
        ("10.0.0.1", "10.9.9.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, rubbish", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "rubbish, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("fd00::1", "2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_header_is_read_from_the_right_past_our_own_proxies(peer: str, forwarded: str | None, found: str) -> None:
    assert seen(peer, forwarded) == found


def test_the_setting_takes_networks_and_single_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPPE_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7")
    assert env.networks("STEPPE_TRUSTED_PROXIES") == [ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32")]
    monkeypatch.delenv("STEPPE_TRUSTED_PROXIES")
    assert env.networks("STEPPE_TRUSTED_PROXIES") == []


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0.1/8", "10.0.0.0/8 192.0.2.7"])
def test_a_setting_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("STEPPE_TRUSTED_PROXIES", wrong)
    with pytest.raises(ImproperlyConfigured, match="STEPPE_TRUSTED_PROXIES"):
        env.networks("STEPPE_TRUSTED_PROXIES")
