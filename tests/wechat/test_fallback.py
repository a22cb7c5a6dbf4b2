"""When a card does not arrive: which other way, when, once; and the decision table itself."""

import pytest

from apps.tickets.models import Ticket
from apps.wechat.models import CustomerIdentity, PushOutbox, SmsAccount, StaffBinding, Status, WecomMember
from apps.wechat.push import delivery, fallback, outbox
from apps.wechat.rules import fallback as rules
from apps.wechat.rules.cards import CARDS
from steppe.kernel import clock
from tenants.context import in_branch
from tests import make
from tests.make import make_ticket
from tests.wechat import stand, ways

SEND = "template/send"


@pytest.fixture
def everything(office, wx):
    """WeChat, WeCom and SMS; Wu is linked everywhere. Bo has nothing but WeChat and is off duty."""
    StaffBinding.objects.filter(openid=office.openids["bo"]).delete()
    ways.open_wecom(wx, "wu")
    ways.open_sms(wx)
    ways.introduce_people(wx, office.account)
    return office


def urgent(**fields):
    ticket = make_ticket(**fields)
    Ticket.objects.filter(pk=ticket.pk).update(priority=1)
    return ticket


@pytest.mark.parametrize(
    ("card", "customer", "facts", "ways_left"),
    [
        ("new_ticket", False, {}, ("wecom",)),
        ("new_ticket", False, {"urgent": True}, ("wecom", "sms")),
        ("new_ticket", False, {"last": True}, ("wecom", "sms")),
        ("dispatched", False, {}, ("wecom", "sms")),
        ("held", False, {}, ("wecom",)),
        ("completed", True, {}, ("sms",)),
        ("pause", True, {}, ("sms",)),
        ("booked", True, {}, ()),
    ],
)
def test_the_order_and_what_is_worth_a_text_message(card, customer, facts, ways_left):
    assert rules.ways_after("wx_template", card=card, customer=customer, facts=facts) == ways_left


def test_every_card_of_the_table_exists_and_customers_start_with_their_consent():
    assert set(rules.SMS_CARDS) <= set(CARDS)
    assert rules.ways_after("wx_subscribe", card="accepted", customer=True, facts={}) == ("wx_template", "sms")
    assert rules.ways_after("sms", card="accepted", customer=True, facts={}) == ()
    assert rules.ways_after("in_page", card="accepted", customer=True, facts={}) == ()


@pytest.mark.parametrize("reason", sorted(rules.FINAL_REASONS))
def test_what_makes_no_sense_any_more_goes_no_other_way(reason):
    assert not rules.needs_help("skipped", reason, customer=False)


def test_a_card_that_arrives_goes_no_second_way(everything, wx):
    ticket = make_ticket()
    stand.relay()
    delivery.send_due()
    outbox.keep_receipt(
        everything.account, PushOutbox.objects.get(technician__user__username="wu").msgid, "success", clock.now()
    )
    ways.work()
    assert ways.story(ticket) == [("wx_template", "delivered", "")]


@pytest.mark.parametrize(
    ("errcode", "status", "reason"),
    [(43004, "failed", "not_following"), (43101, "blocked", "template_refused"), (47003, "failed", "template_wrong"),
     (43019, "blocked", "RecipientRefused"), (99999, "failed", "WeChatError")],
)  # fmt: skip
def test_a_clear_no_of_wechat_sends_the_card_by_wecom_at_once(everything, wx, errcode, status, reason):
    wx.spoil(SEND, {"errcode": errcode})
    ticket = make_ticket()
    stand.relay()
    delivery.send_due()
    ways.work(0)
    assert ways.story(ticket) == [("wx_template", status, reason), ("wecom", "delivered", "")]
    assert len(wx.cards(channel="wecom")) == 1


def test_who_has_no_wechat_gets_wecom_in_the_first_sweep(everything, wx):
    StaffBinding.objects.all().delete()
    ticket = make_ticket()
    stand.relay()
    ways.work(0)
    assert ways.story(ticket) == [("wx_template", "skipped", "not_bound"), ("wecom", "delivered", "")]


def test_a_day_quota_that_is_used_up_does_not_keep_the_technician_waiting(everything, wx):
    wx.spoil(SEND, {"errcode": 45009}, times=None)
    ticket = make_ticket()
    stand.relay()
    ways.work(0, 19)
    assert [row[0] for row in ways.story(ticket)] == ["wx_template"]
    ways.work(21, 22, 300)
    assert ways.story(ticket) == [("wx_template", "skipped", "gave_way"), ("wecom", "delivered", "")]


def test_a_receipt_that_never_comes_leaves_it_open_and_goes_another_way_after_a_minute(everything, wx):
    wx.spoil(SEND, {"receipt": "lost"})
    ticket = make_ticket()
    stand.relay()
    ways.work(0, 59)
    assert ways.story(ticket) == [("wx_template", "accepted", "")]
    ways.work(61, 62)
    assert ways.story(ticket) == [("wx_template", "unknown", "no_receipt"), ("wecom", "delivered", "")]


def test_a_receipt_that_comes_late_is_believed(everything, wx):
    ticket = make_ticket()
    stand.relay()
    ways.work(0, 61)
    row = PushOutbox.objects.get(ticket=ticket.public_id, channel="wx_template", technician__user__username="wu")
    outbox.keep_receipt(everything.account, row.msgid, "success", clock.now())
    assert ways.story(ticket)[0] == ("wx_template", "delivered", "")


def test_a_receipt_of_failure_goes_another_way(everything, wx):
    ticket = make_ticket()
    stand.relay()
    delivery.send_due()
    row = PushOutbox.objects.get(ticket=ticket.public_id, technician__user__username="wu")
    outbox.keep_receipt(everything.account, row.msgid, "failed:user block", clock.now())
    ways.work(0)
    assert ways.story(ticket) == [("wx_template", "blocked", "failed:user block"), ("wecom", "delivered", "")]


def test_the_last_way_is_a_text_message_and_only_where_it_is_worth_it(everything, wx):
    WecomMember.objects.all().delete()
    StaffBinding.objects.all().delete()
    usual, pressing = make_ticket(), urgent()
    stand.relay()
    ways.work(0)
    assert ways.story(usual) == [("wx_template", "skipped", "not_bound")]
    assert ways.story(pressing)[-1] == ("sms", "accepted", "")
    (letter, *_) = wx.cards(channel="sms")
    assert letter["url"].endswith(
        f"/w/t/{pressing.public_id}?m={PushOutbox.objects.filter(channel='sms').first().public_id}"
    )
    assert make.PHONE not in letter["text"]


def test_from_wecom_it_goes_on_to_sms(everything, wx):
    StaffBinding.objects.all().delete()
    wx.spoil(ways.WECOM, {"errcode": 81013})
    ticket = urgent()
    stand.relay()
    ways.work(0, 1)
    assert [row[:2] for row in ways.story(ticket)] == [
        ("wx_template", "skipped"), ("wecom", "failed"), ("sms", "accepted"),
    ]  # fmt: skip


def test_a_ticket_that_was_taken_meanwhile_goes_no_other_way(everything, wx):
    wx.spoil(SEND, {"receipt": "lost"})
    ticket = make_ticket()
    stand.relay()
    delivery.send_due()
    make.grab(ticket.public_id, "bo")
    ways.work()
    assert ways.story(ticket) == [("wx_template", "unknown", "no_receipt")]


def test_without_another_way_the_first_one_goes_on_trying(office, wx):
    wx.spoil(SEND, {"http": 502}, times=3)
    ticket = make_ticket()
    stand.relay()
    ways.work(0, 3, 21, 30, 80)
    assert ways.story(ticket)[0][:2] == ("wx_template", "accepted")


def test_the_sweep_decides_once_however_often_it_comes(everything, wx):
    wx.spoil(SEND, {"receipt": "lost"})
    ticket = make_ticket()
    stand.relay()
    delivery.send_due()
    with ways.after(seconds=61):
        made = fallback.look_at_all()
        PushOutbox.objects.filter(channel="wx_template").update(watch_at=clock.now(), status=Status.UNKNOWN)
        assert (made, fallback.look_at_all()) == (1, 0)
    assert len(ways.story(ticket)) == 2


def test_a_card_that_is_being_sent_is_left_to_its_worker(everything):
    make_ticket()
    stand.relay()
    PushOutbox.objects.exclude(technician__user__username="wu").delete()
    row = outbox.claim_next()
    with ways.after(seconds=25):
        assert fallback.look_at_all() == 0
    row.refresh_from_db()
    assert row.status == Status.SENDING


def test_a_customer_hears_once_rather_than_twice(everything, wx, lotus):
    CustomerIdentity.objects.create(account=everything.account, openid="o-mei", customer_id=lotus.mei.id)
    ways.introduce_people(wx, everything.account)
    wx.spoil(SEND, {"receipt": "lost"}, openid="o-mei")
    ticket = make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    ways.work()
    assert ways.story(ticket, "", "accepted") == [("wx_template", "unknown", "no_receipt")]
    assert wx.cards(channel="sms") == []


def test_a_customer_whom_wechat_refuses_gets_the_status_link_by_sms(everything, wx, lotus):
    CustomerIdentity.objects.create(account=everything.account, openid="o-mei", customer_id=lotus.mei.id)
    ways.introduce_people(wx, everything.account)
    wx.spoil(SEND, {"errcode": 43004}, openid="o-mei")
    ticket = make_ticket(status="accepted", by=lotus.mei)
    stand.relay()
    ways.work()
    assert [row[:2] for row in ways.story(ticket, "", "accepted")] == [("wx_template", "failed"), ("sms", "unknown")]
    (letter,) = wx.cards(channel="sms", to=make.PHONE)
    assert "/h5/s/" in letter["url"]


def test_who_reported_at_the_counter_gets_the_status_link_and_can_read_it(everything, wx, client, lotus):
    ticket = make_ticket(status="accepted")
    stand.relay()
    ways.work(0)
    (letter,) = wx.cards(channel="sms", to=make.PHONE)
    path = letter["url"].split(":8000", 1)[1]
    page = client.get(path, HTTP_HOST=lotus.host)
    assert page.status_code == 200 and ticket.ticket_no in page.content.decode()


def test_without_a_gateway_nothing_is_sent_and_nothing_is_written(everything, wx):
    SmsAccount.objects.all().delete()
    ticket = make_ticket(status="accepted")
    stand.relay()
    ways.work(0)
    assert ways.story(ticket, "", "accepted") == []


def test_the_other_branch_sees_nothing_of_it(everything, wx, maple):
    StaffBinding.objects.all().delete()
    ticket = make_ticket()
    stand.relay()
    with in_branch(maple.tenant):
        ways.work()
        assert not PushOutbox.objects.exists()
    assert ways.story(ticket) == [("wx_template", "skipped", "not_bound")]
    assert wx.cards(channel="all") == []
