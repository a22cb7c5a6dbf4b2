"""What is logged at the finest level while calls succeed, fail and break holds no secret, no token and nobody's openid.

The same watch (`hushed`) stands over test_calls.py, test_circuit.py, test_error_policy.py, test_token_store.py and
test_http.py; processes of the crowd are watched by crowd.py.
"""

import logging
from contextlib import suppress

import pytest

from apps.wechat.calls import oauth, probe, store
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.errors import WeChatError
from apps.wechat.push import delivery
from steppe.boot.logs import JsonFormatter
from tests.make import make_ticket
from tests.wechat import stand
from tests.wechat.watch import Watch

BREAKS = [
    {"errcode": 40001}, {"errcode": 43004}, {"errcode": 45009}, {"errcode": 40164}, {"http": 502}, {"html": True},
    {"truncate": True}, {"drop_before": True}, {"drop_after": True}, {"invalidate_token": True},
]  # fmt: skip


@pytest.fixture
def watch(hushed):
    return hushed


@pytest.fixture
def client(office):
    return TenantWeChatClient(office.secrets, api_root())


@pytest.mark.parametrize("action", BREAKS, ids=str)
def test_when_a_card_is_sent_whatever_comes_back(watch, office, wx, action):
    make_ticket()
    stand.relay()
    wx.spoil("template/send", action)
    delivery.send_due()
    assert wx.sends()


@pytest.mark.parametrize("action", BREAKS, ids=str)
def test_when_a_token_is_fetched_whatever_comes_back(watch, client, wx, action):
    wx.spoil("stable_token", action, times=2)
    with suppress(WeChatError):
        _ = client.access_token
    with suppress(WeChatError):
        probe.token(stand.opened(watch.office.account))
    assert wx.token_calls()


@pytest.mark.parametrize("action", [{}, *BREAKS], ids=str)
def test_when_somebody_signs_in_whatever_comes_back(watch, office, wx, action):
    if action:
        wx.spoil("sns/oauth2/access_token", action)
    watch.also("the-code-of-this-sign-in")
    with suppress(WeChatError):
        oauth.exchange(office.secrets, "the-code-of-this-sign-in")


def test_when_nobody_is_there(watch, client):
    _ = client.access_token
    client._root = "http://127.0.0.1:9"
    for call in (lambda: client.user_info("o-lotus-wu"), lambda: client.media_get("m" * 20, most=9), client.menu.get):
        with pytest.raises(WeChatError) as caught:
            call()
        assert not watch.leaks(repr(caught.value) + repr(vars(caught.value)))
        assert caught.value.__context__ is None


def test_the_ticket_for_pages_and_what_stands_in_the_store(watch, client):
    watch.also(client.jsapi_ticket())
    for slot in (client._slot, client._ticket_slot):
        sealed = store.valkey().get(slot.name)
        assert sealed and not watch.leaks(sealed.decode())


def test_the_watch_itself_sees_a_leak(office, caplog):
    watch = Watch(caplog, office)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("steppe.wechat").debug("token %s", office.secrets.secret)
    assert watch.leaks(watch.text())
    caplog.clear()
    logging.getLogger("steppe.wechat").debug("sent", extra={"to": office.openids["wu"]})
    assert watch.leaks(watch.text())
    record = caplog.records[0]
    assert office.openids["wu"] in JsonFormatter().format(record)
    caplog.clear()
