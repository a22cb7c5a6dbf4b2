"""The menu below the chat: judged, kept, published, compared, shown as a phone shows it."""

from typing import Any

import pytest

from apps.wechat import services
from apps.wechat.errors import BadAccount
from apps.wechat.rules.menus import STANDARD, judge, width
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat import desk, stand
from tests.wechat.desk import GUIDE

PAGE = f"{GUIDE}menu/"
FORM = {
    "0.name": "报修", "0.page": "/h5/report?from=wx", "1.name": "服务", "1.0.name": "我的工单", "1.0.page": "/h5/mine",
    "1.1.name": "营业厅", "1.1.address": "https://example.com/shop?a=1", "action": "publish",
}  # fmt: skip


def shown(wx: stand.Sandbox) -> list[dict[str, Any]]:
    (account,) = wx.http.get("/_sandbox/accounts").json()
    return account["menu"]


def test_saved_and_published_it_stands_below_every_chat(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    assert desk.post(client, "menu", **FORM).status_code == 303
    first, second = shown(wx)
    assert (first["name"], first["url"]) == ("报修", "http://lotus.localhost:8000/h5/report?from=wx")
    assert [one["name"] for one in second["sub_button"]] == ["我的工单", "营业厅"]
    assert second["sub_button"][1]["url"] == "https://example.com/shop?a=1"
    assert desk.stand_of(client.get(GUIDE).content.decode(), "menu") == "good"
    page = client.get(PAGE).content.decode()
    assert page.count('value="营业厅"') == 1 and '<option value="/h5/mine" selected>' in page


def test_kept_only_it_differs_until_it_is_published(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    desk.post(client, "menu", **FORM)
    desk.post(client, "menu", **FORM | {"0.name": "报障", "action": "keep"})
    assert shown(wx)[0]["name"] == "报修"
    assert desk.stand_of(client.get(GUIDE).content.decode(), "menu") == "doubt"
    desk.post(client, "menu/compare")
    assert "报修" in client.get(PAGE).content.decode().partition("wx-theirs")[2].partition("</section>")[0]
    desk.post(client, "menu", **FORM | {"0.name": "报障"})
    assert shown(wx)[0]["name"] == "报障"


def test_no_menu_at_all_is_told_from_one_that_cannot_be_read(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    services.publish_menu(office.account)
    wx.spoil("/cgi-bin/menu/get", {"errcode": 46003})
    assert services.run_check("menu", by=actor("bai"))["facts"] == {"same": False, "theirs": []}
    wx.spoil("/cgi-bin/menu/get", {"errcode": 48001})
    assert services.run_check("menu", by=actor("bai"))["facts"]["advice"] == "48001"
    assert services.run_check("menu", by=actor("bai"))["facts"]["same"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"0.page": "/console/"}, "0"), ({"0.page": "", "0.address": "javascript:alert(1)"}, "0"),
     ({"0.page": "", "0.address": "https://user@example.com/"}, "0"), ({"0.name": "很长的按钮"}, "0"),
     ({"1.1.name": ""}, "1.1"), ({"1.name": ""}, "1"), ({"1.0.name": "一二三四五六七八"}, "1.0")],
)  # fmt: skip
def test_what_cannot_be_is_named_at_its_row_and_nothing_is_published(
    office, wx: stand.Sandbox, lotus_db: Branch, changes: dict[str, str], place: str
) -> None:
    answer = desk.post(desk.admin(lotus_db), "menu", **FORM | changes)
    page = answer.content.decode()
    assert answer.status_code == 422 and f'id="wrong-{place}"' in page and not desk.read().menu
    assert not wx.calls("/cgi-bin/menu/create") and page.count('aria-invalid="true"') == 1


def test_the_preview_keeps_nothing(office, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    part = desk.post(client, "menu/preview", **FORM).content.decode()
    whole = desk.post(client, "menu", **FORM | {"action": "preview"}).content.decode()
    for page in (part, whole):
        assert "营业厅" in page.partition("wx-phone-sub")[2]
    assert not desk.read().menu


def test_rules_without_a_page() -> None:
    assert judge([]) == {"menu": "none"} and judge([STANDARD[0]] * 4) == {"menu": "many"}
    many = {"name": "x", "buttons": [{"name": "a", "page": "/h5/mine"}] * 6}
    assert judge([many]) == {"0.name": "many_below"} and judge(STANDARD) == {}
    assert (width("报修"), width("ab"), width("报a")) == (4, 2, 3)


def test_only_the_administrator_and_the_other_branch_has_its_own(office, lotus_db: Branch, maple: Branch) -> None:
    desk.post(desk.admin(lotus_db), "menu", **FORM)
    assert "营业厅" not in client_at(maple, maple.bai).get(PAGE).content.decode()
    assert desk.post(client_at(maple, maple.bai), "menu", **FORM).status_code == 404
    assert desk.post(client_at(lotus_db, lotus_db.lin), "menu", **FORM).status_code == 403
    with pytest.raises(BadAccount):
        services.keep_menu(buttons=[], by=actor("bai"), key=key())
