"""Answers in the chat: within WeChat's window, once, and never from a request."""

from datetime import timedelta
from typing import Any

import pytest

from apps.wechat import tasks
from apps.wechat.inbound import answers
from apps.wechat.models import ChatAnswer
from steppe.kernel import clock
from tests.wechat import chat
from tests.wechat.chat import MEI

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture(autouse=True)
def mei(office: Any, wx: Any) -> str:
    chat.arrive(wx, office)
    return MEI


def outcome() -> tuple[str, str]:
    row = ChatAnswer.objects.get()
    return row.status, row.reason


def test_the_door_and_the_inbox_call_nobody(office, wx, lotus):
    chat.act(wx, office, "text", content="慢")
    chat.hear(office, lotus, "text", Content="网络很慢")
    assert outcome() == ("pending", "")
    assert wx.calls(SEND) == []
    assert tasks.send_answers() == 1
    assert outcome() == ("sent", "")


def test_outside_the_window_it_is_dropped_with_a_note(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")  # nothing was done on the phone: no window
    tasks.send_answers()
    assert outcome() == ("dropped", "window_shut")
    tasks.send_answers()
    assert len(wx.calls(SEND)) == 1


def test_an_allowance_that_is_used_up_is_told_apart(office, wx, lotus):
    chat.act(wx, office, "text", content="慢")
    wx.spoil(SEND, {"errcode": 45047})
    chat.hear(office, lotus, "text", Content="网络很慢")
    tasks.send_answers()
    assert outcome() == ("dropped", "allowance_used_up")


def test_too_late_it_is_not_tried(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    with clock.frozen(clock.now() + answers.AFTER_MESSAGE + timedelta(seconds=1)):
        tasks.send_answers()
    assert outcome() == ("dropped", "too_late")
    assert wx.calls(SEND) == []


def test_a_welcome_is_good_for_a_minute(office, wx, lotus):
    chat.event(office, lotus, "subscribe", EventKey="")
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        tasks.send_answers()
    assert outcome() == ("dropped", "too_late")


def test_an_answer_that_may_have_arrived_is_not_sent_again(office, wx, lotus):
    chat.act(wx, office, "text", content="慢")
    wx.spoil(SEND, {"drop_after": True})
    chat.hear(office, lotus, "text", Content="网络很慢")
    tasks.send_answers()
    assert outcome() == ("unknown", "Transient")
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        tasks.send_answers()
    assert len(chat.read_by(wx)) == 1


def test_a_token_that_is_not_taken_makes_it_wait(office, wx, lotus):
    chat.act(wx, office, "text", content="慢")
    wx.spoil(SEND, {"errcode": 45011})
    chat.hear(office, lotus, "text", Content="网络很慢")
    tasks.send_answers()
    assert outcome()[0] == "pending"
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        tasks.send_answers()
    assert outcome() == ("sent", "")


def test_a_worker_that_died_leaves_an_answer_nobody_repeats(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    claimed = answers._claim()
    assert claimed is not None and not answers.anything_due()
    with clock.frozen(clock.now() + answers.LEASE + timedelta(seconds=1)):
        assert answers.anything_due()
        tasks.send_answers()
    assert outcome() == ("unknown", "worker_gone")


def test_a_worker_that_was_given_up_changes_nothing(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    late = answers._claim()
    with clock.frozen(clock.now() + answers.LEASE + timedelta(seconds=1)):
        tasks.send_answers()
    answers._close(late, "sent", "")
    assert outcome() == ("unknown", "worker_gone")


def test_while_the_account_is_silent_answers_wait_until_their_time_is_over(office, wx, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    type(office.account).objects.update(paused_until=clock.now() + timedelta(hours=9))
    assert tasks.send_answers() == 0
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert tasks.send_answers() == 1
    assert outcome() == ("dropped", "too_late")


def test_a_week_later_they_are_forgotten(office, lotus):
    chat.hear(office, lotus, "text", Content="网络很慢")
    with clock.frozen(clock.now() + timedelta(days=8)):
        answers.forget_old()
    assert not ChatAnswer.objects.exists()
