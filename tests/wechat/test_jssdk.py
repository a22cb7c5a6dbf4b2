"""The JS-SDK's signature: the sandbox takes it, only our own pages get one, and the ticket stays in the house."""

from ipaddress import ip_network

import pytest

from apps.wechat import throttle
from tests.make import client_at

PAGE = "http://lotus.localhost/h5/report?from=menu"
CONFIG = "/wx/jssdk/config"


def test_the_sandbox_takes_our_signature(office, wx, lotus):
    answer = client_at(lotus).get(CONFIG, {"url": PAGE + "#top"})
    given = answer.json()
    asked = {key: given[key] for key in ("appId", "timestamp", "nonceStr", "signature")} | {"url": PAGE}
    wx.http.cookies.set("sandbox_user", "lotus-wu")
    assert wx.http.post("/_sandbox/jssdk/verify", json=asked).json()["errMsg"] == "config:ok"
    assert "getLocation" in given["jsApiList"]
    assert "ticket" not in answer.content.decode()


@pytest.mark.parametrize(
    "page",
    ["http://maple.localhost/h5/report", "https://lotus.localhost/", "http://lotus.localhost:81/", "", "/h5/report"],
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
