"""订阅通知: one consent, one message; noted from WeChat's word alone; used once even by two at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from apps.wechat import demo
from apps.wechat.models import CustomerIdentity, NoticeConsent, PushOutbox, WxAccount
from apps.wechat.push import consents, delivery
from apps.wechat.services import channels
from steppe.kernel import clock
from tenants.context import in_branch
from tests import make
from tests.make import make_ticket
from tests.wechat import stand, ways

SEND = "subscribe/bizsend"
OPENID = "o-mei"


def ready(wx, customer_id):
    """Lotus's account with notices, and Mei, whom it knows and who does not follow it."""
    account = stand.open_account(wx)
    channels.connect_notices(account, demo.demo_notices("lotus"))
    account.refresh_from_db()
    wx.tell("accounts", stand.introduce.described(account))
    CustomerIdentity.objects.create(account=account, openid=OPENID, customer_id=customer_id, followed=False)
    ways.introduce_people(wx, account)
    return account


@pytest.fixture
def account(lotus_db, wx, lotus):
    return ready(wx, lotus.mei.id)


def agree(wx, account, card="accepted", openid=OPENID, times=1):
    """Mei taps 通知我: WeChat knows it, and tells us."""
    template_id = account.notices[card]["template_id"]
    for number in range(times):
        if wx is not None:
            wx.tell("act", {
                "user_id": f"lotus-c{CustomerIdentity.objects.get(openid=openid).customer_id}", "appid": account.appid,
                "action": "consent", "template_id": template_id, "answer": "accept",
            })  # fmt: skip
        consents.note(account, openid, template_id, True, clock.now() + timedelta(microseconds=number))
    return template_id


def test_a_customer_who_does_not_follow_gets_one_notice_for_one_consent(account, wx, lotus):
    agree(wx, account)
    agree(wx, account, "completed")
    ticket = make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    (card,) = wx.cards(channel="subscribe", openid=OPENID)
    assert card["title"] == "报修受理通知" and card["url"].endswith(f"/h5/t/{ticket.public_id}")
    make.check_in(ticket.public_id)
    make.complete(ticket.public_id)
    stand.relay()
    delivery.send_due()
    assert len(wx.cards(channel="subscribe", openid=OPENID)) == 2
    assert not NoticeConsent.objects.filter(used_at=None).exists()


def test_a_second_ticket_needs_a_second_consent(account, wx, lotus):
    agree(wx, account)
    first, second = (make_ticket(status="accepted", by=lotus.mei) for _ in range(2))
    stand.relay()
    delivery.send_due()
    told = {row.ticket: (row.channel, row.status, row.reason) for row in PushOutbox.objects.exclude(customer=None)}
    assert sorted(told.values()) == [("wx_subscribe", "accepted", ""), ("wx_subscribe", "skipped", "no_consent")]
    assert set(told) == {first.public_id, second.public_id}
    assert len(wx.cards(channel="subscribe")) == 1


def test_a_receipt_ends_the_notice_as_it_ends_a_card(account, wx, lotus):
    agree(wx, account)
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    row = PushOutbox.objects.get(channel="wx_subscribe")
    ways.delivery.outbox.keep_receipt(account, row.msgid, "success", clock.now())
    row.refresh_from_db()
    assert row.status == "delivered"


@pytest.mark.parametrize(
    ("errcode", "used"), [(45009, True), (47003, False), (40003, False), (48001, True), (43101, True)]
)
def test_a_consent_is_given_back_only_when_nothing_was_sent_and_the_card_has_ended(account, wx, lotus, errcode, used):
    agree(wx, account)
    wx.spoil(SEND, {"errcode": errcode})
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    assert NoticeConsent.objects.exclude(used_at=None).exists() is used


def test_a_card_that_waits_holds_its_consent_and_gives_it_back_when_it_is_too_late(account, wx, lotus):
    agree(wx, account)
    wx.spoil(SEND, {"errcode": 45011})
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    assert NoticeConsent.objects.get().used_at
    with ways.after(hours=13):
        delivery.send_due()
    assert (PushOutbox.objects.get(channel="wx_subscribe").status, NoticeConsent.objects.get().used_at) == (
        "expired",
        None,
    )


@pytest.mark.parametrize("action", [{"drop_after": True}, {"truncate": True}, {"http": 502}])
def test_an_answer_that_got_lost_is_never_tried_again_and_keeps_the_consent(account, wx, lotus, action):
    agree(wx, account, times=2)
    wx.spoil(SEND, action)
    ticket = make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    ways.work()
    assert ways.story(ticket, "", "accepted") == [("wx_subscribe", "unknown", "ambiguous")]
    assert NoticeConsent.objects.filter(used_at=None).count() == 1
    assert len(wx.calls("/cgi-bin/message/subscribe/bizsend")) == 1


def test_wechat_saying_that_no_consent_is_left_is_believed(account, wx, lotus):
    agree(None, account)  # we believe in one that WeChat does not know
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    row = PushOutbox.objects.get(channel="wx_subscribe")
    assert (row.status, row.reason, row.errcode) == ("blocked", "no_consent", 43101)
    assert not NoticeConsent.objects.filter(used_at=None).exists()
    assert CustomerIdentity.objects.get().refused == {}


def test_a_wrong_notice_template_is_switched_off_and_the_card_template_is_not(account, wx, lotus):
    agree(wx, account)
    wx.spoil(SEND, {"errcode": 47003})
    make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    delivery.send_due()
    found = WxAccount.objects.get()
    assert found.notices["accepted"]["broken"] == 47003 and "broken" not in found.templates["accepted"]


def test_the_same_answer_twice_is_one_consent_and_a_stranger_template_is_none(account):
    at = clock.now()
    for _ in range(2):
        consents.note(account, OPENID, account.notices["accepted"]["template_id"], True, at)
    consents.note(account, OPENID, "somebody-elses", True, at)
    assert NoticeConsent.objects.count() == 1


def test_a_no_takes_back_what_was_given_before_it_and_nothing_later(account):
    at, template_id = clock.now(), account.notices["accepted"]["template_id"]
    consents.note(account, OPENID, template_id, True, at)
    consents.note(account, OPENID, template_id, True, at + timedelta(seconds=9))
    consents.note(account, OPENID, template_id, False, at + timedelta(seconds=5))
    assert consents.claim(account, OPENID, template_id).given_at == at + timedelta(seconds=9)
    assert consents.claim(account, OPENID, template_id) is None


def test_two_senders_never_use_one_consent_twice(committed, lotus, wx):
    with in_branch(lotus.tenant):
        account = ready(wx, lotus.mei.id)
        template_id = agree(wx, account, times=20)
        gate, ids = Barrier(8), []

        def take(_):
            with in_branch(lotus.tenant):
                gate.wait()
                found = [consents.claim(account, OPENID, template_id) for _ in range(5)]
                ids.extend(one.pk for one in found if one)
                connections.close_all()

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(take, range(8)))
        assert len(ids) == len(set(ids)) == 20


def test_two_workers_and_one_consent_make_one_notice(committed, lotus, wx):
    with in_branch(lotus.tenant):
        account = ready(wx, lotus.mei.id)
        agree(wx, account)
        for _ in range(2):
            make_ticket(status="accepted", by=lotus.mei)
        stand.relay()
        gate = Barrier(2)

        def send(_):
            with in_branch(lotus.tenant):
                gate.wait()
                delivery.send_due()
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(send, range(2)))
        assert sorted(row.status for row in PushOutbox.objects.filter(channel="wx_subscribe")) == [
            "accepted",
            "skipped",
        ]
        assert len(wx.cards(channel="subscribe")) == 1


def test_the_other_branch_uses_no_consent_of_this_one(account, wx, maple):
    template_id = agree(None, account)
    with in_branch(maple.tenant):
        theirs = stand.open_account(wx)
        assert consents.claim(theirs, OPENID, template_id) is None
    assert consents.has_one(account, OPENID, template_id)
