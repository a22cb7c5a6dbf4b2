"""The JS-SDK's signature: the sandbox takes it, only our own pages get one, and the ticket stays in the house."""

from ipaddress import ip_network

import pytest

from apps.wechat.views import throttle
from tests.make import client_at

PAGE = "http://lotus.localhost/h5/report?from=menu"
CONFIG = "/wx/jssdk/config"


def test_the_sandbox_takes_our_signature(office, wx, lotus):
    answer = client_at(lotus).get(CONFIG, {"url": PAGE + "#top"})
    given = answer.json()
    asked = {key: given[key] for key in ("appId", "timestamp", "nonceStr", "signature")} | {"url": PAGE}
    wx.http.cookies.set("sandbox_user", "lotus-wu")
    assert wx.http.post("/_sandbox/jssdk/verify", json=asked).json()["errMsg"] == "config:ok"
    assert {"getLocation", "openLocation", "scanQRCode", "chooseImage", "uploadImage"} <= set(given["jsApiList"])
    assert "ticket" not in answer.content.decode()


@pytest.mark.parametrize("query", ["?a=%E7%BD%91&b=1+2", "?b=2&a=1&a=3", "?x=a%2Fb", "?", ""])
def test_the_query_is_signed_exactly_as_it_stands_and_the_fragment_is_not(office, wx, lotus, query):
    page = f"http://lotus.localhost/h5/report{query}"
    given = client_at(lotus).get(CONFIG, {"url": f"{page}#a?b"}).json()
    wx.http.cookies.set("sandbox_user", "lotus-wu")
    asked = {key: given[key] for key in ("appId", "timestamp", "nonceStr", "signature")}
    assert wx.http.post("/_sandbox/jssdk/verify", json=asked | {"url": page}).json()["errMsg"] == "config:ok"
    wrong = wx.http.post("/_sandbox/jssdk/verify", json=asked | {"url": f"{page}&z=1"}).json()["errMsg"]
    assert wrong == "config:invalid signature"


@pytest.mark.parametrize(
    "page",
    [
        "http://maple.localhost/h5/report",
        "https://lotus.localhost/",
        "http://lotus.localhost:81/",
        "",
        "/h5/report",
        "//lotus.localhost/",
        "http://lotus.localhost@evil.example/",
        "http://lotus.localhost\\@evil.example/",
        "http://x@lotus.localhost/",
        "http://lotus.localhost.evil.example/",
        "http://[lotus.localhost/",
        "http://lotus.local\thost/",
        "http://lotus.localhost/\nx",
        "javascript:alert(1)",
    ],
)
def test_no_other_page_is_signed(office, lotus, page):
    answer = client_at(lotus).get(CONFIG, {"url": page}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wechat.foreign_page")


def test_without_wechat_the_page_is_told_so(office, wx, lotus):
    wx.spoil("getticket", {"errcode": 48001})
    answer = client_at(lotus).get(CONFIG, {"url": PAGE}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "wechat.away")


def test_who_asks_too_often_waits(office, lotus, monkeypatch):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 2)
    client = client_at(lotus, REMOTE_ADDR="10.0.0.7")
    found = [client.get(CONFIG, {"url": PAGE}).status_code for _ in range(4)]
    assert found == [200, 200, 429, 429]


def test_behind_our_proxy_each_visitor_is_counted_alone(office, lotus, monkeypatch, settings):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 1)
    settings.STEPPE_TRUSTED_PROXIES = [ip_network("10.0.0.7")]
    visitors = [{"X-Forwarded-For": f"6.6.6.6, 203.0.113.{last}"} for last in (1, 1, 2)]
    client = client_at(lotus, REMOTE_ADDR="10.0.0.7")
    assert [client.get(CONFIG, {"url": PAGE}, headers=who).status_code for who in visitors] == [200, 429, 200]
