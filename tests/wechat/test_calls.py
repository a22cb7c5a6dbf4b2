"""The calls by the names of WeChat's document, each against the real sandbox, with typed answers."""

import pytest

from apps.wechat.calls.api.upkeep import Reach
from apps.wechat.calls.client import TenantWeChatClient, api_root
from apps.wechat.chat_errors import TooMuch
from apps.wechat.errors import ProtocolBroken, RecipientGone, RecipientRefused, TemplateWrong, Transient, WeChatError
from tests.make import picture
from tests.wechat.contract import sample

WU, PNG = "o-lotus-wu", picture("PNG")


@pytest.fixture
def client(hushed, office):
    return TenantWeChatClient(office.secrets, api_root())


def test_a_code_for_ever_and_a_code_for_a_while(client):
    kept, short = client.qrcode_create("grid-7"), client.qrcode_create("bind-9", seconds=600)
    assert (kept.expire_seconds, short.expire_seconds) == (0, 600)
    assert kept.url != short.url and kept.ticket and short.ticket
    assert client.qrcode_create("x", seconds=99_999_999).expire_seconds == 30 * 86400
    with pytest.raises(WeChatError):
        client.qrcode_create("x" * 65)


def test_an_answer_in_the_chat_needs_an_open_window(client, wx):
    with pytest.raises(RecipientRefused) as caught:
        client.custom_send(openid=WU, text="绑定成功")
    assert caught.value.errcode == 45015
    wx.tell("act", {"user_id": "lotus-wu", "appid": client.appid, "action": "text", "content": "在吗"})
    for _ in range(5):
        client.custom_send(openid=WU, text="绑定成功")
    with pytest.raises(RecipientRefused) as caught:
        client.custom_send(openid=WU, text="还有")
    assert caught.value.errcode == 45047
    assert [card["text"] for card in wx.cards(channel="custom")] == ["绑定成功"] * 5


def test_the_pool_of_templates_is_listed_filled_and_emptied(client):
    before = client.get_all_private_template()
    assert before and all(one.template_id and "DATA" in one.content for one in before)
    added = client.api_add_template(template_id_short="47123", keyword_name_list=["工单编号", "故障类型"])
    assert added in {one.template_id for one in client.get_all_private_template()}
    client.del_private_template(added)
    assert client.get_all_private_template() == before
    with pytest.raises(TemplateWrong) as caught:
        client.api_add_template(template_id_short="47123", keyword_name_list=[])
    assert caught.value.errcode == 40246
    with pytest.raises(TemplateWrong):
        client.del_private_template(added)


def test_so_is_the_pool_of_notices(client):
    before = client.newtmpl_gettemplate()
    added = client.newtmpl_addtemplate(tid="47123", kid_list=[1, 2], scene_desc="报修进度")
    assert added in {one.template_id for one in client.newtmpl_gettemplate()}
    client.newtmpl_deltemplate(added)
    assert client.newtmpl_gettemplate() == before


def test_the_menu_is_put_read_and_taken_away(client):
    client.menu_delete()
    assert client.menu_get() == []
    client.menu_create([{"type": "view", "name": "报修", "url": "https://lotus.example.com/h5/report"}])
    (button,) = client.menu_get()
    assert (button["name"], button["type"]) == ("报修", "view")
    client.menu_delete()
    assert client.menu_get() == []
    with pytest.raises(WeChatError) as caught:
        client.menu_create([])
    assert caught.value.errcode == 40016


def test_whether_somebody_follows_is_known_and_nothing_else(client, wx):
    found = client.user_info(WU)
    assert (found.openid, found.follows) == (WU, True)
    assert found.since > 0
    wx.tell("act", {"user_id": "lotus-wu", "appid": client.appid, "action": "unfollow"})
    gone = client.user_info(WU)
    assert (gone.follows, gone.since, gone.scene) == (False, 0, "")
    with pytest.raises(RecipientGone):
        client.user_info("o-nobody")


def test_a_picture_is_fetched_and_a_missing_one_is_an_error_although_wechat_says_200(client, wx):
    media_id = client.media.upload("image", ("a.png", PNG, "image/png"))["media_id"]
    assert client.media_get(media_id, most=len(PNG)) == PNG
    with pytest.raises(TooMuch):
        client.media_get(media_id, most=len(PNG) - 1)
    with pytest.raises(WeChatError) as caught:
        client.media_get("gone", most=1000)
    assert (caught.value.errcode, caught.value.permanent) == (40007, True)
    wx.spoil("media/get", {"html": True})
    assert b"<title>" in client.media_get(media_id, most=100_000)  # whose business a file is, its taker judges
    wx.spoil("media/get", {"http": 502})
    with pytest.raises(Transient):
        client.media_get(media_id, most=1000)


def test_a_notice_costs_a_consent(client, wx):
    template_id = client.newtmpl_addtemplate(tid="47123", kid_list=[1, 2], scene_desc="报修进度")
    (template,) = [one for one in client.newtmpl_gettemplate() if one.template_id == template_id]
    data = sample(template)
    with pytest.raises(RecipientRefused) as caught:
        client.subscribe_bizsend(openid=WU, template_id=template_id, data=data, page="http://x")
    assert caught.value.errcode == 43101
    agreed = {"user_id": "lotus-wu", "appid": client.appid, "action": "consent", "template_id": template_id}
    wx.tell("act", agreed)
    client.subscribe_bizsend(openid=WU, template_id=template_id, data=data, page="http://x")
    assert len(wx.cards(channel="subscribe")) == 1


def test_limits_and_mistakes_can_be_asked_for(client, wx):
    quota = client.quota_get("/cgi-bin/message/template/send")
    assert quota.daily_limit == quota.used + quota.remain == 100_000
    with pytest.raises(RecipientGone) as caught:
        client.user_info("o-nobody")
    asked = client.rid_get(caught.value.rid)
    assert asked.invoke_time > 0
    assert "40003" in asked.response_body
    assert not hasattr(asked, "request_url")
    with pytest.raises(WeChatError):
        client.rid_get("00000000-00000000-00000000")
    with pytest.raises(WeChatError):
        client.quota_get("/cgi-bin/nothing")


def test_wechat_looks_for_us_and_says_where_it_is(client):
    assert client.callback_check().reached
    assert client.get_api_domain_ip()
    assert not Reach(()).reached
    assert not Reach((100, 100)).reached


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("qrcode/create", lambda client: client.qrcode_create("x")),
        ("quota/get", lambda client: client.quota_get("/cgi-bin/user/get")),
        ("rid/get", lambda client: client.rid_get("x")),
        ("get_api_domain_ip", lambda client: client.get_api_domain_ip()),
        ("api_add_template", lambda client: client.api_add_template(template_id_short="1", keyword_name_list=["时间"])),
        ("addtemplate", lambda client: client.newtmpl_addtemplate(tid="1", kid_list=[1], scene_desc="x")),
        ("getticket", lambda client: client.jsapi_ticket()),
        ("stable_token", lambda client: client.access_token),
    ],
)
def test_an_answer_without_what_was_asked_for_is_no_answer(client, wx, path, call):
    wx.spoil(path, {"errcode": 0})
    with pytest.raises(ProtocolBroken):
        call(client)
