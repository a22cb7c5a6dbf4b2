"""WeCom as a way to staff: a text card by the application, a line by a group's robot, one token for all."""

import logging

import pytest

from apps.wechat.models import PushOutbox, Status, WecomAccount, WecomMember
from apps.wechat.rules import wecom_policy
from apps.wechat.rules.policy import Mark, Pause, Then
from tenants.context import in_branch
from tests.make import make_ticket
from tests.wechat import stand, ways

GETTOKEN = "/qyapi/cgi-bin/gettoken"


@pytest.fixture
def company(office, wx):
    """Lotus's WeCom with Wu in it."""
    made = ways.open_wecom(wx, "wu")
    ways.introduce_people(wx, office.account)
    return made


@pytest.fixture
def waiting(company):
    """A card for Wu waits to go by WeCom; nothing else does."""
    return waiting_card()


def waiting_card():
    ticket = make_ticket()
    stand.relay()
    rows = PushOutbox.objects.filter(ticket=ticket.public_id)
    rows.exclude(technician__user__username="wu").delete()
    rows.update(channel="wecom", account=None, watch_at=None)
    return rows.get()


def test_the_card_says_what_it_is_about_and_leads_to_the_ticket(waiting, wx):
    ways.delivery.send_due()
    (letter,) = wx.cards(channel="wecom", to="lotus.wu")
    assert letter["title"] == "新工单提醒"
    assert "宽带故障 · 待抢单" in letter["text"]
    assert letter["url"].endswith(f"/w/t/{waiting.ticket}?m={waiting.public_id}")
    waiting.refresh_from_db()
    assert waiting.status == Status.DELIVERED and waiting.sent_as


@pytest.mark.parametrize("errcode", sorted(set(wecom_policy.RULES) - wecom_policy.TOKEN_CODES))
def test_every_number_of_the_table_has_its_consequence(waiting, wx, errcode):
    rule = wecom_policy.RULES[errcode]
    wx.spoil(ways.WECOM, {"errcode": errcode})
    ways.delivery.send_due()
    waiting.refresh_from_db()
    again = rule.then in {Then.RETRY, Then.WAIT}
    assert waiting.status == (Status.PENDING if again else Status(rule.then)), waiting.reason
    assert waiting.reason == (rule.reason or rule.mark or rule.error.__name__)
    account = WecomAccount.objects.get()
    assert (account.paused_until is not None) == (rule.pause != Pause.NONE)
    assert (str(errcode) in account.trouble) == rule.alarm
    assert len(wx.calls("/qyapi/cgi-bin/message/send")) == 1


@pytest.mark.parametrize("errcode", sorted(wecom_policy.TOKEN_CODES))
def test_a_refused_token_is_fetched_anew_once(waiting, wx, errcode):
    wx.spoil(ways.WECOM, {"errcode": errcode})
    ways.delivery.send_due()
    waiting.refresh_from_db()
    assert waiting.status == Status.DELIVERED
    assert len(wx.calls(GETTOKEN)) == 2


def test_a_token_that_is_never_taken_silences_wecom_for_a_minute(waiting, wx):
    wx.spoil(ways.WECOM, {"errcode": 40014}, times=None)
    ways.delivery.send_due()
    assert len(wx.calls("/qyapi/cgi-bin/message/send")) == 2
    assert WecomAccount.objects.get().paused_until is not None


@pytest.mark.parametrize("action", [{"drop_after": True}, {"truncate": True}])
def test_an_answer_that_got_lost_makes_no_second_card(waiting, wx, action):
    wx.spoil(ways.WECOM, action)
    ways.work(0, 3, 15)
    waiting.refresh_from_db()
    assert waiting.status == Status.DELIVERED
    assert len(wx.calls("/qyapi/cgi-bin/message/send")) == 2
    assert len(wx.cards(channel="wecom", to="lotus.wu")) == 1


def test_two_cards_with_the_same_words_are_two(company, wx):
    waiting_card(), waiting_card()
    ways.delivery.send_due()
    assert len(wx.cards(channel="wecom", to="lotus.wu")) == 2
    assert len(wx.calls(GETTOKEN)) == 1


def test_a_member_whom_wecom_does_not_know_is_told_so(waiting, wx):
    WecomMember.objects.update(userid="lotus.nobody")
    ways.delivery.send_due()
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == (Status.FAILED, Mark.NO_MEMBER)


def test_a_group_robot_names_the_person_and_never_repeats_itself(office, wx):
    ways.open_wecom(wx, "wu", corpid="", agentid="", secret="", robot_key="11111111-2222-3333-4444-555555555555")
    ways.introduce_people(wx, office.account)
    first = waiting_card()
    ways.delivery.send_due()
    (letter,) = wx.cards(channel="robot")
    assert letter["content"]["text"]["mentioned_list"] == ["lotus.wu"] and first.ticket in letter["text"]
    wx.spoil("webhook/send", {"drop_after": True})
    second = waiting_card()
    ways.work(0, 3, 70)
    second.refresh_from_db()
    assert (second.status, second.reason) == (Status.UNKNOWN, "ambiguous")
    assert len(wx.cards(channel="robot")) == 2


def test_secrets_and_tokens_stand_in_no_log(waiting, wx, caplog):
    caplog.set_level(logging.DEBUG)
    said = "not allow to access from your ip, hint: [1], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com"
    wx.spoil(ways.WECOM, {"errcode": 60020, "errmsg": said})
    ways.delivery.send_due()
    secret = ways.gateways.wecom_keys(WecomAccount.objects.get()).secret
    assert secret not in caplog.text and "access_token=" not in caplog.text
    assert WecomAccount.objects.get().trouble == "60020 not allow to access from your ip, from ip: 203.0.113.9"


def test_the_other_branch_has_its_own_company(waiting, wx, maple):
    with in_branch(maple.tenant):
        assert not WecomAccount.objects.exists()
        assert waiting.pk not in PushOutbox.objects.values_list("pk", flat=True)
