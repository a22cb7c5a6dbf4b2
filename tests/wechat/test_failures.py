"""When WeChat says no, or nothing: the policy at work, and never two cards on one phone."""

from datetime import timedelta

import pytest

from apps.wechat.calls.client import client_for
from apps.wechat.models import PushOutbox, StaffBinding, Status, WxAccount
from apps.wechat.push import delivery, outbox
from apps.wechat.push.channels import CHANNELS, Sent
from apps.wechat.rules import policy
from steppe.kernel import clock
from tests.make import make_ticket
from tests.wechat import stand

SEND = "template/send"


@pytest.fixture
def waiting(office):
    """One card for Wu waits to be sent."""
    StaffBinding.objects.filter(openid=office.openids["bo"]).delete()
    make_ticket()
    stand.relay()
    return PushOutbox.objects.get(status=Status.PENDING)


def after(**span):
    return clock.frozen(clock.now() + timedelta(**span))


def outcome(row):
    row.refresh_from_db()
    return row.status, row.reason


def hand_over(minutes=(0, 0.1, 0.5, 1.5, 4.5, 5, 6)):
    """Workers come by again and again."""
    start = clock.now()
    for span in minutes:
        with clock.frozen(start + timedelta(minutes=span)):
            delivery.send_due()


@pytest.mark.parametrize("action", [{"drop_after": True}, {"truncate": True}, {"drop_before": True}, {"http": 502}])
def test_an_answer_that_got_lost_makes_no_second_card(waiting, wx, action):
    wx.spoil(SEND, action)
    hand_over()
    assert outcome(waiting)[0] == Status.ACCEPTED
    assert len(wx.cards()) == 1
    assert wx.sends() == 2


@pytest.mark.parametrize(
    ("errcode", "reason"), [(43019, "RecipientRefused"), (43101, "template_refused"), (99999, "WeChatError")]
)
def test_a_no_after_an_answer_that_got_lost_leaves_it_open_whether_it_arrived(waiting, wx, errcode, reason):
    wx.spoil(SEND, {"drop_after": True})
    wx.spoil(SEND, {"errcode": errcode})
    hand_over()
    assert outcome(waiting) == (Status.UNKNOWN, reason)
    assert len(wx.cards()) == 1


def test_five_tries_without_an_answer_leave_it_open_whether_it_arrived(waiting, wx):
    wx.spoil(SEND, {"drop_after": True}, times=None)
    hand_over()
    assert outcome(waiting) == (Status.UNKNOWN, "too_many_tries")
    assert waiting.attempts == 5
    assert len(wx.cards()) == 1


def test_no_repetition_after_the_time_wechat_remembers_a_message(waiting, wx):
    wx.spoil(SEND, {"drop_after": True}, times=None)
    delivery.send_due()
    with after(minutes=9):
        delivery.send_due()
    assert outcome(waiting) == (Status.UNKNOWN, "ambiguous_too_long")
    assert wx.sends() == 1


def test_a_worker_killed_between_send_and_save_makes_no_second_card(waiting, wx, office):
    row = outbox.claim_next()
    CHANNELS[row.channel].send(row)  # … and here it dies
    assert outbox.claim_next() is None
    with after(seconds=61):
        delivery.send_due()
    assert outcome(waiting)[0] == Status.ACCEPTED
    assert len(wx.cards()) == 1


def test_a_worker_that_was_given_up_changes_nothing_any_more(waiting):
    slow = outbox.claim_next()
    with after(seconds=61):
        quick = outbox.claim_next()
        outbox.accept(quick, Sent(msgid=7), at=clock.now())
        outbox.end(slow, Status.FAILED, "too late")
    assert outcome(waiting)[0] == Status.ACCEPTED


@pytest.mark.parametrize(
    ("errcode", "status", "reason"),
    [
        (40003, Status.FAILED, "not_following"),
        (43004, Status.FAILED, "not_following"),
        (43101, Status.BLOCKED, "template_refused"),
        (43019, Status.BLOCKED, "RecipientRefused"),
        (40037, Status.FAILED, "template_wrong"),
        (47003, Status.FAILED, "template_wrong"),
        (99999, Status.FAILED, "WeChatError"),
    ],
)
def test_a_clear_no_is_not_tried_again(waiting, wx, errcode, status, reason):
    wx.spoil(SEND, {"errcode": errcode})
    hand_over()
    assert outcome(waiting) == (status, reason)
    assert waiting.errcode == errcode
    assert waiting.rid
    assert wx.sends() == 1


@pytest.mark.parametrize(
    ("errcode", "reason", "still"),
    [
        (43004, "not_following", "not_following"),
        (43101, "template_refused", ""),
        (47003, "template_wrong", "template_wrong"),
    ],
)
def test_the_next_card_is_not_even_tried(waiting, wx, errcode, reason, still):
    wx.spoil(SEND, {"errcode": errcode})
    delivery.send_due()
    for days, expected in ((0, reason), (8, still)):
        with after(days=days):
            ticket = make_ticket()
            stand.relay()
            row = PushOutbox.objects.get(ticket=ticket.public_id, technician=waiting.technician)
            assert row.reason == expected
    assert wx.sends() == 1


@pytest.mark.parametrize(
    ("errcode", "silent_for"),
    [
        (45011, timedelta(seconds=5)),
        (45009, timedelta(minutes=3)),
        (48001, timedelta(minutes=9)),
        (40164, timedelta(minutes=9)),
    ],
)
def test_a_broken_account_is_left_alone_for_a_while_and_then_goes_on(waiting, wx, errcode, silent_for):
    start = clock.now().replace(hour=2, minute=0, second=30, microsecond=0)
    PushOutbox.objects.update(next_try_at=start, expires_at=start + timedelta(days=1))
    wx.spoil(SEND, {"errcode": errcode})
    with clock.frozen(start):
        delivery.send_due()
        assert outcome(waiting)[0] == Status.PENDING
    with clock.frozen(start + silent_for):
        delivery.send_due()
    assert wx.sends() == 1
    pause = policy.pause_until(policy.rule_for(errcode).pause, start)
    with clock.frozen(pause + timedelta(seconds=1)):
        delivery.send_due()
    assert outcome(waiting)[0] == Status.ACCEPTED
    assert bool(WxAccount.objects.get().trouble) == policy.rule_for(errcode).alarm


def test_a_card_expires_also_while_the_account_is_silent(waiting):
    WxAccount.objects.update(paused_until=clock.now() + timedelta(hours=5))
    with after(minutes=11):
        delivery.send_due()
    assert outcome(waiting) == (Status.EXPIRED, "expired")


def test_the_administrator_reads_the_address_to_enter(waiting, wx, office):
    wx.spoil("stable_token", {"change": {"ip_whitelist": []}})
    delivery.send_due()
    assert "invalid ip 127.0.0.1" in WxAccount.objects.get().trouble


def test_a_token_that_is_never_taken_silences_the_account_for_a_minute(waiting, wx, office):
    _ = client_for(office.account).access_token
    wx.spoil(SEND, {"errcode": 40001}, times=None)
    delivery.send_due()
    delivery.send_due()
    assert wx.sends() == 2
    assert WxAccount.objects.get().paused_until is not None


def test_two_workers_never_take_the_same_card(waiting):
    assert outbox.claim_next() is not None
    assert outbox.claim_next() is None
