"""Every row of the policy (WeChat doc: §3.2) at the call: what is raised, and how many calls it costs.

What follows for cards and accounts: test_failures.py, test_policy.py."""

import pytest

from apps.wechat import errors as e
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.rules.policy import RULES, TOKEN_CODES

SEND = "/cgi-bin/message/template/send"
ROWS = [
    ("transient", (-1, -1000), e.Transient, False),
    ("token", (40001, 40014, 42001), e.TokenInvalid, True),
    ("no token", (41001,), e.TokenInvalid, True),
    ("minute quota", (45011,), e.RateLimited, False),
    ("day quota", (45009,), e.QuotaExhausted, False),
    ("recipient gone", (40003, 43004), e.RecipientGone, True),
    ("template refused", (43101,), e.RecipientRefused, True),
    ("blacklisted", (43019,), e.RecipientRefused, True),
    ("template wrong", (40037, 40246, 47003, 41028, 41029, 41030), e.TemplateWrong, True),
    ("window", (45015, 45047), e.RecipientRefused, True),
    ("permission or ban", (48001, 48004, 50002, 61003, 61007), e.AccountBroken, True),
    ("account set up wrongly", (40002, 40013, 40125, 40164, 40243, 41002, 41004, 89503, 61004), e.AccountBroken, True),
    ("sign-in code", (40029, 40163, 41008, 42003), e.CodeSpent, True),
    ("unknown", (99999, 12345, -7, 300001), e.WeChatError, True),
]
UNKNOWN = {99999, 12345, -7, 300001}


@pytest.fixture
def client(hushed, office):
    made = TenantWeChatClient(office.secrets, api_root())
    _ = made.access_token
    return made


def send(client):
    client.send_template(openid="o-lotus-wu", template_id="t", data={}, url="http://x", client_msg_id="m")


def test_the_rows_here_are_those_of_the_policy():
    assert {code for _, codes, _, _ in ROWS for code in codes} - UNKNOWN == set(RULES)


@pytest.mark.parametrize(("codes", "error", "permanent"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_number_becomes_its_error_and_only_a_refused_token_is_tried_twice(client, wx, codes, error, permanent):
    for errcode in codes:
        wx.http.delete("/_sandbox/inject")
        wx.spoil(SEND, {"errcode": errcode, "errmsg": "something"}, times=None)
        sends, tokens = wx.sends(), wx.token_calls()
        with pytest.raises(e.WeChatError) as caught:
            send(client)
        assert (type(caught.value), caught.value.errcode) == (error, errcode)
        assert caught.value.permanent == permanent
        assert caught.value.ambiguous == (errcode in {-1, -1000})
        assert caught.value.rid
        assert "rid" not in caught.value.errmsg
        again = errcode in TOKEN_CODES
        assert wx.sends() - sends == (2 if again else 1)
        assert wx.token_calls() - tokens == 0 if not again else wx.token_calls() - tokens <= 1


@pytest.mark.parametrize("errcode", sorted(TOKEN_CODES))
def test_a_token_refused_once_is_forgiven(client, wx, errcode):
    wx.spoil("user/info", {"errcode": errcode})
    assert client.user_info("o-lotus-wu").follows
    assert len(wx.calls("/cgi-bin/user/info")) == 2


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ({"http": 500}, e.Transient),
        ({"http": 502}, e.Transient),
        ({"http": 302}, e.Transient),
        ({"html": True}, e.ProtocolBroken),
        ({"truncate": True}, e.ProtocolBroken),
        ({"drop_before": True}, e.Transient),
        ({"drop_after": True}, e.Transient),
    ],
    ids=str,
)
def test_no_answer_is_transient_and_never_repeated_by_the_client(client, wx, action, error):
    wx.spoil(SEND, action, times=None)
    with pytest.raises(e.Transient) as caught:
        send(client)
    assert type(caught.value) is error
    assert (caught.value.errcode, caught.value.permanent, caught.value.ambiguous) == (None, False, True)
    assert wx.sends() == 1


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(40001, 40125), (40125, 40125), (40013, 40013), (40164, 40164), (40243, 40243), (89503, 89503), (61004, 61004)],
)
def test_at_the_tokens_door_every_refusal_is_the_accounts(office, wx, errcode, error):
    wx.spoil("stable_token", {"errcode": errcode}, times=None)
    client = TenantWeChatClient(office.secrets, api_root())
    with pytest.raises(e.AccountBroken) as caught:
        send(client)
    assert caught.value.errcode == error
    assert caught.value.rid
    assert (wx.token_calls(), wx.sends()) == (1, 0)


@pytest.mark.parametrize(("errcode", "error"), [(45009, e.QuotaExhausted), (45011, e.RateLimited), (-1, e.Transient)])
def test_or_says_to_come_again_later(office, wx, errcode, error):
    wx.spoil("stable_token", {"errcode": errcode}, times=None)
    with pytest.raises(e.WeChatError) as caught:
        send(TenantWeChatClient(office.secrets, api_root()))
    assert type(caught.value) is error
    assert wx.token_calls() == 1
