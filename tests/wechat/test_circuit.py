"""An account that does not answer is left alone for a moment, then tried once; the others go on."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from apps.wechat.calls import http
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.calls.gate import CircuitOpen, Gate
from apps.wechat.errors import RecipientGone, Transient
from apps.wechat.models import PushOutbox, Status, WxAccount
from apps.wechat.push import delivery
from apps.wechat.push.gates import door_of
from apps.wechat.rules import circuit as rules
from apps.wechat.rules.circuit import Circuit
from steppe.kernel import clock
from tenants.context import current_branch, in_branch
from tests.make import make_ticket
from tests.wechat import stand, ways
from tests.wechat.test_token_store import forget_valkey, own_valkey  # noqa: F401

INFO, SEND = "user/info", "template/send"


@pytest.fixture
def client(hushed, office):
    made = TenantWeChatClient(office.secrets, api_root())
    _ = made.access_token
    return made


def ask(client, times=1, error=Transient):
    for _ in range(times):
        with pytest.raises(error):
            client.user_info("o-lotus-wu")


def after(seconds):
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


# -- the rules ------------------------------------------------------------------------------------------------
def test_the_third_failure_in_a_row_opens_and_each_failed_probe_doubles_the_time():
    now, circuit, waits = 1000.0, Circuit(), []
    for _ in range(9):
        assert rules.left(now, circuit) == 0
        circuit = rules.failed(now, rules.entered(now, circuit))
        waits.append(rules.left(now, circuit))
        now += waits[-1]
    assert waits == [0, 0, 5, 10, 20, 40, 60, 60, 60]


def test_calls_that_were_under_way_when_it_opened_do_not_prolong_it():
    circuit = rules.failed(10.0, Circuit(fails=2))
    assert rules.failed(11.0, circuit) == circuit


def test_only_one_goes_ahead_as_a_probe():
    half = rules.failed(0.0, Circuit(fails=2))
    probing = rules.entered(6.0, half)
    assert rules.left(6.0, half) == 0
    assert rules.left(6.1, probing) > 20
    assert rules.patience(6.1, probing) == 2  # the probe may be back any moment
    assert rules.patience(1.0, half) == 4


def test_a_circuit_that_cannot_be_read_is_closed():
    assert rules.read("{not json") == rules.read('{"other": 1}') == Circuit()
    assert rules.read(rules.written(Circuit(4, 7.5, True))) == Circuit(4, 7.5, True)


# -- at the calls ---------------------------------------------------------------------------------------------
def test_after_three_failures_nobody_is_asked_until_one_probe_succeeds(client, wx):
    wx.spoil(INFO, {"http": 502}, times=3)
    ask(client, 3)
    ask(client, 5, CircuitOpen)
    assert len(wx.calls("/cgi-bin/user/info")) == 3
    with after(6):
        assert client.user_info("o-lotus-wu").follows
        assert client.user_info("o-lotus-wu").follows


def test_another_process_knows_it_and_the_ticket_is_not_asked_for_either(client, wx, office):
    wx.spoil(INFO, {"http": 502}, times=None)
    ask(client, 3)
    forget_valkey()
    other = TenantWeChatClient(office.secrets, api_root())
    ask(other, 1, CircuitOpen)
    with pytest.raises(Transient):
        other.jsapi_ticket()
    assert len(wx.calls("/cgi-bin/ticket/getticket")) == 0


def test_one_of_many_is_the_probe(client, wx):
    wx.spoil(INFO, {"http": 502}, times=3)
    ask(client, 3)
    wx.spoil(INFO, {"delay_s": 1}, times=None)
    moment = clock.now() + timedelta(seconds=6)

    def one(_):
        with clock.frozen(moment):
            try:
                return client.user_info("o-lotus-wu").follows
            except CircuitOpen:
                return None

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(one, range(16)))
    assert found.count(True) == 1
    assert found.count(None) == 15


def test_a_no_is_an_answer(client, wx):
    wx.spoil(INFO, {"http": 502}, times=2)
    ask(client, 2)
    wx.spoil(INFO, {"errcode": 40003})
    ask(client, 1, RecipientGone)
    wx.spoil(INFO, {"http": 502}, times=2)
    ask(client, 2)
    assert client.user_info("o-lotus-wu").follows


def test_another_account_is_not_touched(client, wx, maple):
    wx.spoil(INFO, {"http": 502}, times=None, appid=client.appid)
    ask(client, 3)
    with in_branch(maple.tenant):
        theirs = stand.opened(stand.open_account(wx))
    assert TenantWeChatClient(theirs, api_root()).get_api_domain_ip()


def test_without_valkey_the_process_knows_it_by_itself(client, wx, own_valkey):  # noqa: F811
    own_valkey.stop()
    wx.spoil(INFO, {"http": 502}, times=None)
    ask(client, 3)
    ask(client, 2, CircuitOpen)
    assert len(wx.calls("/cgi-bin/user/info")) == 3


def test_who_presses_a_button_asks_at_once(client, wx):
    wx.spoil(INFO, {"http": 502}, times=3)
    ask(client, 3)
    client.forgive()
    assert client.user_info("o-lotus-wu").follows


def test_a_silence_ends_by_itself(client):
    client.gate.silence(clock.now() + timedelta(minutes=10))
    assert 599 < client.gate.wait_s() <= 600
    with after(601):
        assert client.gate.wait_s() == 0
    client.gate.reopen()
    assert client.gate.wait_s() == 0


# -- at the sender --------------------------------------------------------------------------------------------
@pytest.fixture
def cards(office):
    """Two cards wait: Wu's and Bo's."""
    make_ticket()
    stand.relay()
    return PushOutbox.objects.filter(status=Status.PENDING)


def test_a_card_that_meets_an_open_circuit_waits_and_it_was_no_try(cards, office, wx):
    gate = door_of(office.account).gate
    for _ in range(3):
        with pytest.raises(Transient), gate.passing():
            raise Transient
    delivery.send_due()
    assert [row.attempts for row in cards] == [0, 0]
    assert wx.sends() == 0
    with after(6):
        delivery.send_due()
    assert wx.sends() == 2


def test_a_card_that_meets_it_only_at_the_call_waits_too(cards, office, wx, monkeypatch):
    monkeypatch.setattr(Gate, "wait_s", lambda self: 0.0)
    test_a_card_that_meets_an_open_circuit_waits_and_it_was_no_try(cards, office, wx)


def test_what_the_policy_says_is_known_to_every_branch_of_a_shared_account(cards, office, wx):
    wx.spoil(SEND, {"errcode": 45009})
    delivery.send_due()
    assert wx.sends() == 1
    WxAccount.objects.update(paused_until=None)  # another branch's row knows nothing of it
    PushOutbox.objects.update(next_try_at=clock.now())
    delivery.send_due()
    assert wx.sends() == 1
    midnight = clock.now().astimezone(clock.BUSINESS_ZONE).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    assert door_of(office.account).gate.wait_s() == pytest.approx((midnight - clock.now()).total_seconds(), abs=2)


def test_an_account_that_hangs_costs_a_worker_one_time_out_a_turn_and_other_branches_cards_go_in_time(
    office, wx, maple, monkeypatch
):
    monkeypatch.setattr(http, "TIMEOUT", (1, 1.2))
    with in_branch(maple.tenant):
        theirs = stand.open_account(wx)
        stand.bind(wx, theirs, "wu", "bo")
    for tenant in (current_branch(), maple.tenant):
        with in_branch(tenant):
            for _ in range(4):
                make_ticket()
            stand.relay()
    wx.spoil(SEND, {"delay_s": 20}, times=None, appid=office.account.appid)
    began = time.monotonic()
    for _ in range(4):  # one worker, the branches by turns
        delivery.send_due()
        with in_branch(maple.tenant):
            delivery.send_due()
            left = PushOutbox.objects.filter(status=Status.PENDING).count()
    assert left == 0
    assert len(wx.calls("/cgi-bin/message/template/send", office.account.appid)) <= 3
    assert time.monotonic() - began < 12


def test_a_gateway_for_text_messages_that_is_away_is_left_alone_too(office, wx, lotus_db):
    account = ways.open_sms(wx)
    door = door_of(account)
    assert not door.passed_inside
    for _ in range(3):
        with pytest.raises(Transient), door.passing():
            raise Transient
    assert door_of(account).wait_s() > 4
