"""Text messages by the real HTTP gateway of the sandbox, which computes the signature again by itself."""

import logging

import pytest

from apps.wechat.calls import sms
from apps.wechat.errors import GatewayFailed, SmsAway, Transient
from apps.wechat.models import PushOutbox, SmsAccount, Status
from apps.wechat.push import outbox, reports, texts
from apps.wechat.push.channels import CHANNELS
from apps.wechat.rules import sms_policy
from apps.wechat.rules.policy import Pause, Then
from steppe.kernel import clock
from tenants.context import in_branch
from tests.make import make_ticket
from tests.wechat import stand, ways

PHONE = "13912345678"


@pytest.fixture
def gateway(lotus_db, wx):
    return ways.open_sms(wx)


def letters(wx, **wanted):
    return wx.cards(channel="sms", **wanted)


def test_a_code_arrives_as_the_approved_text(gateway, wx):
    texts.send_code(phone="+86 139-1234 5678", code="482913")
    (letter,) = letters(wx, to=PHONE)
    assert letter["text"] == "【格派维修】验证码 482913，十分钟内有效，请勿告诉他人。"


@pytest.mark.parametrize("spoilt", ["no account", "off", "no template", "paused", "no phone"])
def test_a_code_that_cannot_be_sent_says_so(gateway, spoilt):
    rows = SmsAccount.objects.all()
    if spoilt == "no account":
        rows.delete()
    if spoilt == "off":
        rows.update(enabled=False)
    if spoilt == "no template":
        rows.update(templates={})
    if spoilt == "paused":
        rows.update(paused_until=clock.now() + ways.timedelta(minutes=1))
    with pytest.raises(SmsAway):
        texts.send_code(phone="12" if spoilt == "no phone" else PHONE, code="1")


def test_a_code_whose_answer_was_lost_is_not_sent_twice_and_not_complained_about(gateway, wx):
    wx.spoil(ways.SMS, {"drop_after": True}, times=None)
    texts.send_code(phone=PHONE, code="1")
    assert len(letters(wx)) == 1


def test_a_refusal_says_so(gateway, wx):
    wx.spoil(ways.SMS, {"sms_error": "AuthFailure.SignatureFailure"})
    with pytest.raises(SmsAway):
        texts.send_code(phone=PHONE, code="1")


def test_a_wrong_key_is_refused_by_the_gateway_and_stands_in_no_log(gateway, wx, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "another-key-than-the-one-given"
    account = ways.channels.connect_sms(**(ways.demo.demo_sms("lotus") | {"secret": secret}))
    with pytest.raises(GatewayFailed) as raised:
        texts.send(account, "code", phone=PHONE, facts={"code": "1"})
    assert raised.value.code == "AuthFailure.SignatureFailure"
    assert secret not in caplog.text + str(raised.value) + repr(sms.sms_keys(account))


def test_a_gateway_that_is_not_there_is_no_answer(gateway, settings):
    settings.STEPPE_SMS_ROOT = "http://127.0.0.1:9"
    with pytest.raises(Transient):
        texts.send(gateway, "code", phone=PHONE, facts={})


def test_another_host_than_tencents_is_refused_without_the_sandbox(gateway, settings):
    settings.STEPPE_WECHAT_SANDBOX = False
    with pytest.raises(Exception, match="STEPPE_SMS_ROOT"):
        texts.send(gateway, "code", phone=PHONE, facts={})


# -- the table, row by row, through the outbox -----------------------------------------------------------------------


@pytest.fixture
def waiting(office, wx):
    """A text message for Wu waits; nothing else does."""
    ways.open_sms(wx)
    ticket = make_ticket()
    stand.relay()
    PushOutbox.objects.exclude(technician__user__username="wu").delete()
    PushOutbox.objects.update(channel="sms", account=None, watch_at=None)
    return PushOutbox.objects.get(ticket=ticket.public_id)


@pytest.mark.parametrize("code", sorted(sms_policy.RULES))
def test_every_word_of_the_table_has_its_consequence(waiting, wx, code):
    rule = sms_policy.RULES[code]
    wx.spoil(ways.SMS, {"sms_code": code})
    assert CHANNELS["sms"].why_not(waiting) == ""
    ways.delivery.send_due()
    waiting.refresh_from_db()
    again = rule.then in {Then.RETRY, Then.WAIT}
    assert waiting.status == (Status.PENDING if again else Status(rule.then)), (waiting.status, waiting.reason)
    assert waiting.reason == (rule.reason or rule.mark or "GatewayFailed")
    account = SmsAccount.objects.get()
    assert (account.paused_until is not None) == (rule.pause != Pause.NONE)
    assert (code in account.trouble) == rule.alarm
    assert ("broken" in account.templates["new_ticket"]) == (rule.mark == "template_wrong")
    assert letters(wx) == []


def test_a_word_nobody_knows_is_final_and_alarms_only_when_it_comes_often(office, wx):
    ways.open_sms(wx)
    wx.spoil(ways.SMS, {"sms_code": "Brand.NewWord"}, times=None)
    for number in range(1, 6):
        ticket = make_ticket()
        stand.relay()
        PushOutbox.objects.filter(ticket=ticket.public_id).exclude(technician__user__username="wu").delete()
        PushOutbox.objects.filter(ticket=ticket.public_id).update(channel="sms", account=None)
        ways.delivery.send_due()
        row = PushOutbox.objects.get(ticket=ticket.public_id)
        assert (row.status, row.reason) == (Status.FAILED, "GatewayFailed")
        assert bool(SmsAccount.objects.get().trouble) == (number == 5)


@pytest.mark.parametrize("action", [{"drop_after": True}, {"truncate": True}, {"http": 502}, {"html": True}])
def test_an_unclear_answer_is_never_tried_again(waiting, wx, action):
    wx.spoil(ways.SMS, action)
    ways.work(0, 3, 15, 61, 70, 130)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == (Status.UNKNOWN, "ambiguous")
    assert len(wx.calls("/sms")) == 1


def test_a_paused_gateway_is_left_alone_and_then_goes_on(waiting, wx):
    wx.spoil(ways.SMS, {"sms_error": "RequestLimitExceeded"})
    start = clock.now().replace(second=30)
    PushOutbox.objects.update(next_try_at=start)
    with clock.frozen(start):
        ways.delivery.send_due()
    with clock.frozen(start + ways.timedelta(seconds=20)):
        ways.delivery.send_due()
    assert letters(wx) == []
    with clock.frozen(start + ways.timedelta(seconds=31)):
        ways.delivery.send_due()
    assert len(letters(wx)) == 1


def test_the_other_branch_has_no_gateway_of_this_one(gateway, maple):
    with in_branch(maple.tenant), pytest.raises(SmsAway):
        texts.send_code(phone=PHONE, code="1")


def test_a_secret_copied_into_another_branch_opens_nothing(gateway, maple):
    with in_branch(maple.tenant):
        copy = SmsAccount.objects.create(
            app_id=gateway.app_id, key_id=gateway.key_id, secret=gateway.secret, templates=gateway.templates
        )  # fmt: skip
        with pytest.raises(ValueError, match="belong"):
            texts.send(copy, "code", phone=PHONE, facts={})


# -- what became of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("report", "end"), [("SUCCESS", ("delivered", "")), ("UNDELIV", ("failed", "UNDELIV"))])
def test_the_gateway_tells_what_became_of_a_message(waiting, wx, report, end):
    wx.spoil(ways.SMS, {"sms_report": report})
    ways.delivery.send_due()
    waiting.refresh_from_db()
    assert waiting.status == Status.ACCEPTED and waiting.sent_as
    assert outbox.reports_are_due() and reports.take() == 1
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == end and waiting.receipt_at
    assert not outbox.reports_are_due() and reports.take() == 0


def test_a_report_that_is_late_is_believed_and_a_stranger_one_changes_nothing(waiting, wx):
    ways.work(0, 61)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("unknown", "no_receipt")
    outbox.keep_report("somebody-elses", arrived=True, said="")
    reports.take()
    waiting.refresh_from_db()
    assert waiting.status == "delivered"


def test_a_gateway_that_does_not_answer_is_asked_again(waiting, wx):
    ways.delivery.send_due()
    wx.spoil(ways.SMS, {"http": 502})
    assert (reports.take(), reports.take()) == (0, 1)
