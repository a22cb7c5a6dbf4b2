"""Calls to WeChat: one token for all, one more try, nothing secret anywhere, no other host."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.wechat.calls import store
from apps.wechat.calls.client import TenantWeChatClient, api_root, client_for
from apps.wechat.calls.vault import Credentials
from apps.wechat.errors import AccountBroken, ProtocolBroken, TokenInvalid, Transient, WeChatError

DATA = {
    "character_string1": {"value": "LO-2026-000001"}, "thing2": {"value": "宽带故障"}, "thing3": {"value": "E1"},
    "time4": {"value": "18:05"}, "phrase5": {"value": "待抢单"},
}  # fmt: skip


def send(client: TenantWeChatClient, name: str = "m1", openid: str = "o-lotus-wu", **more: Any) -> int:
    template = f"{client.appid}_new_ticket"
    return client.send_template(
        openid=openid, template_id=more.get("template_id", template), data=DATA, url="http://x", client_msg_id=name
    )


@pytest.fixture
def client(office):
    return TenantWeChatClient(office.secrets, api_root())


def many(work, count=32):
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(work, n) for n in range(count)]]


def test_thirty_two_threads_that_start_cold_ask_for_one_token(client, wx):
    numbers = many(lambda n: send(client, f"m{n}"))
    assert len(set(numbers)) == 32
    assert wx.token_calls() == 1
    assert wx.sends() == 32


def test_many_clients_share_one_token(office, wx):
    clients = [TenantWeChatClient(office.secrets, api_root()) for _ in range(8)]
    many(lambda n: send(clients[n % 8], f"m{n}"), 16)
    assert wx.token_calls() == 1


def test_a_token_that_died_is_replaced_once_for_all(client, wx):
    send(client)
    wx.spoil("template/send", {"invalidate_token": True})
    many(lambda n: send(client, f"n{n}"))
    assert wx.token_calls() == 2
    assert len(wx.cards()) == 33


def test_a_token_that_is_never_taken_is_tried_twice_and_no_more(client, wx):
    send(client)
    wx.spoil("template/send", {"errcode": 40001}, times=None)
    with pytest.raises(TokenInvalid):
        send(client, "m2")
    assert wx.sends() == 1 + 2
    assert wx.token_calls() == 1 + 1


def test_a_failed_token_is_remembered_for_a_minute(client, wx):
    wx.spoil("stable_token", {"errcode": 40164}, times=None)
    for _ in range(5):
        with pytest.raises(AccountBroken) as caught:
            send(client)
        assert caught.value.errcode == 40164
        assert "whitelist" in caught.value.errmsg
    assert wx.token_calls() == 1
    assert wx.sends() == 0


def test_a_wrong_secret_is_the_accounts_fault_and_never_gets_anothers_token(client, office, wx):
    send(client)
    thief = Credentials(office.secrets.appid, "gh_x", "not-the-secret", "t", ("A" * 43,))
    with pytest.raises(AccountBroken):
        send(TenantWeChatClient(thief, api_root()))


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ({"http": 502}, Transient),
        ({"html": True}, ProtocolBroken),
        ({"truncate": True}, ProtocolBroken),
        ({"drop_before": True}, Transient),
        ({"drop_after": True}, Transient),
    ],
)
def test_an_answer_that_is_none_is_worth_another_try_with_the_same_name(client, wx, action, error):
    send(client, "first")
    wx.spoil("template/send", action)
    with pytest.raises(error) as caught:
        send(client, "m1")
    assert caught.value.ambiguous
    assert not caught.value.permanent
    send(client, "m1")
    assert len([card for card in wx.cards() if card["client_msg_id"] == "m1"]) == 1


def test_waiting_has_an_end(client, wx, monkeypatch):
    monkeypatch.setattr("apps.wechat.calls.http.TIMEOUT", (0.5, 0.3))
    send(client, "first")
    wx.spoil("template/send", {"delay_after_s": 1.5})
    with pytest.raises(Transient) as caught:
        send(client, "m1")
    assert caught.value.ambiguous


def test_every_call_of_the_library_goes_to_the_configured_host(client, wx):
    with pytest.raises(WeChatError):
        client.post("https://api.weixin.qq.com/cgi-bin/customservice/getkflist", data={})
    with pytest.raises(WeChatError):
        client.get("https://mp.weixin.qq.com/cgi-bin/showqrcode", params={"ticket": "x"})
    assert len(wx.calls("/cgi-bin/customservice/getkflist")) == 1
    assert client.fetch_access_token()["access_token"] == client.access_token


def test_the_token_lies_sealed_in_the_store(client):
    token = client.access_token
    kept = [store.valkey().get(name) or b"" for name in store.valkey().scan_iter(f"steppe:wx:*{client.appid}*:token")]
    assert kept
    assert not any(token.encode() in value for value in kept)


def test_one_ticket_for_all_pages(client, wx):
    assert len(set(many(lambda n: client.jsapi_ticket(), 12))) == 1
    assert len(wx.calls("/cgi-bin/ticket/getticket")) == 1


@pytest.mark.parametrize("action", [{"http": 500}, {"drop_after": True}, {"html": True}, {"errcode": 48004}])
def test_nothing_secret_in_errors(client, office, wx, action):
    token = client.access_token
    wx.spoil("template/send", action)
    with pytest.raises(WeChatError) as caught:
        send(client)
    assert not leaks(repr(caught.value) + repr(vars(caught.value)), token, office)
    assert caught.value.__context__ is None  # requests' own error holds the whole address


def test_nothing_secret_in_the_error_of_a_server_that_is_not_there(client, office):
    token = client.access_token
    client._root = "http://127.0.0.1:9"
    with pytest.raises(Transient) as caught:
        send(client)
    assert not leaks(repr(vars(caught.value)), token, office)
    assert caught.value.__context__ is None


def test_nothing_secret_in_logs(client, office, wx, caplog):
    caplog.set_level(logging.DEBUG)
    token = client.access_token
    send(client)
    wx.spoil("template/send", {"errcode": 40001})
    send(client)
    client._root = "http://127.0.0.1:9"
    with pytest.raises(Transient):
        send(client)
    text = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert not leaks(text, token, office)
    assert not leaks(repr(office.secrets), token, office)


def leaks(text: str, token: str, office: Any) -> bool:
    hidden = (token, office.secrets.secret, office.secrets.token, office.secrets.aes_keys[0])
    return any(secret in text for secret in hidden)


def test_another_root_needs_the_sandbox(office, settings):
    settings.STEPPE_WECHAT_SANDBOX = False
    with pytest.raises(Exception, match="not WeChat's own address"):
        api_root()


def test_one_client_per_account_and_secret(office):
    assert client_for(office.account) is client_for(office.account)
