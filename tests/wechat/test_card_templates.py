"""Which template each card uses: fetched, chosen, filled in, judged; broken ones again; new ones of the library."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from apps.wechat import services
from apps.wechat.errors import BadAccount, BeingAdded
from apps.wechat.models import WxAccount
from apps.wechat.rules.cards import CARDS
from apps.wechat.rules.fitting import fitting
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat import desk, stand
from tests.wechat.desk import GUIDE

PAGE = f"{GUIDE}cards/"
KEYWORDS = {"number": "character_string1", "fault": "thing2", "area": "thing3", "time": "time4", "status": "phrase5"}


@pytest.fixture
def fetched(office: Any) -> WxAccount:
    """The account without any template chosen; its pool was fetched."""
    WxAccount.objects.update(templates={})
    services.run_check("templates", by=actor("bai"))
    return desk.read()


def test_a_chosen_template_is_filled_in_by_its_labels(fetched: WxAccount, lotus_db: Branch) -> None:
    template_id, client = f"{fetched.appid}_new_ticket", desk.admin(lotus_db)
    assert template_id in client.get(PAGE).content.decode()
    answer = desk.post(client, "cards/choose", card="new_ticket", template_id=template_id, was="")
    assert answer.status_code == 303 and answer["Location"].endswith("#at-new_ticket")
    assert desk.read().templates["new_ticket"]["keywords"] == KEYWORDS
    assert desk.stand_of(client.get(GUIDE).content.decode(), "templates") == "doubt"  # the other cards have none


def test_keywords_can_be_changed_and_what_does_not_fit_is_named(fetched: WxAccount, lotus_db: Branch) -> None:
    template_id, client = f"{fetched.appid}_new_ticket", desk.admin(lotus_db)
    base = {"card": "new_ticket", "template_id": template_id, "was": template_id}
    facts = {f"fact.{place}": fact for fact, place in KEYWORDS.items()}
    swapped = facts | {"fact.thing2": "area", "fact.thing3": "fault"}
    assert desk.post(client, "cards/choose", **base, **swapped).status_code == 303
    assert desk.read().templates["new_ticket"]["keywords"]["area"] == "thing2"
    answer = desk.post(
        client, "cards/choose", **base, **facts | {"fact.time4": "number", "fact.character_string1": "time"}
    )
    assert answer.status_code == 422 and "time4" in answer.content.decode()
    assert desk.read().templates["new_ticket"]["keywords"]["area"] == "thing2"


def test_a_template_the_account_does_not_have_is_refused_and_none_takes_it_away(
    fetched: WxAccount, lotus_db: Branch
) -> None:
    client = desk.admin(lotus_db)
    assert desk.post(client, "cards/choose", card="new_ticket", template_id="nobody-s", was="").status_code == 422
    with pytest.raises(BadAccount):
        services.map_card(card="no_card", template_id="x", keywords={}, by=actor("bai"), key=key())
    desk.post(client, "cards/choose", card="urged", template_id=f"{fetched.appid}_urged", was="")
    assert "urged" in desk.read().templates
    desk.post(client, "cards/choose", card="urged", template_id="", was=f"{fetched.appid}_urged")
    assert "urged" not in desk.read().templates


def test_a_card_that_was_switched_off_goes_again(office, lotus_db: Branch) -> None:
    account = desk.read()
    account.templates["urged"]["broken"] = 47003
    account.save()
    client = desk.admin(lotus_db)
    services.run_check("templates", by=actor("bai"))
    page = client.get(PAGE).content.decode()
    assert desk.stand_of(client.get(GUIDE).content.decode(), "templates") == "wrong" and "/cards/mend/" in page
    assert desk.post(client, "cards/mend", card="urged").status_code == 303
    assert "broken" not in desk.read().templates["urged"]
    assert desk.stand_of(client.get(GUIDE).content.decode(), "templates") == "good"


def test_a_template_that_vanished_at_wechat_is_told_and_kept_for_when_wechat_is_away(
    office, wx: stand.Sandbox, lotus_db: Branch
) -> None:
    account = desk.read()
    account.templates["urged"]["template_id"] = "gone"
    account.save()
    result = services.run_check("templates", by=actor("bai"))
    assert not result["ok"] and result["facts"]["wrong"] == ["urged"]
    wx.spoil("/cgi-bin/template/get_all_private_template", {"errcode": 45009})
    again = services.run_check("templates", by=actor("bai"))
    assert again["facts"]["errcode"] == 45009
    assert len(services.pool_of(desk.read())) == len(CARDS)


def test_a_title_of_the_library_is_added_once_and_used(fetched: WxAccount, wx: stand.Sandbox, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    told = {"card": "urged", "library_number": "47126", "keyword_names": "工单编号，故障类型、地点,报修时间,状态"}
    for _ in range(2):
        answer = desk.post(client, "cards/add", **told)
        assert answer.status_code == 303, answer.content.decode()[:500]
    assert len(wx.calls("/cgi-bin/template/api_add_template")) == 1
    entry = desk.read().templates["urged"]
    assert set(entry["keywords"]) == set(KEYWORDS) and entry["title"] == "客户催单提醒"


def test_two_presses_at_once_add_it_once(committed: Any, wx: stand.Sandbox, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        stand.open_account(wx)
        WxAccount.objects.update(templates={})
    wx.spoil("template/api_add_template", {"delay_s": 1}, times=None)
    told = {"card": "urged", "library_number": "47126", "keyword_names": ["工单编号", "故障类型", "状态"]}
    together = Barrier(2)

    def press(_number: int) -> bool:
        try:
            with in_branch(lotus.tenant):
                by = actor("bai")
                together.wait(10)
                services.add_from_library(**told, by=by, key=key())  # type: ignore[arg-type]
                return True
        except BeingAdded:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert len(wx.calls("/cgi-bin/template/api_add_template")) == 1


def test_what_wechat_refuses_is_told_in_words(fetched: WxAccount, wx: stand.Sandbox, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    wrong = desk.post(client, "cards/add", card="urged", library_number="47126", keyword_names="没有")
    assert wrong.status_code == 422 and "40246" in wrong.content.decode()
    assert desk.post(client, "cards/add", card="urged", library_number="x", keyword_names="状态").status_code == 422
    assert "urged" not in desk.read().templates


def test_labels_of_the_library_are_understood() -> None:
    content = (
        "单号:{{character_string7.DATA}}\n问题描述：{{thing9.DATA}}\n服务地址:{{thing1.DATA}}\n提交时间:{{time2.DATA}}"
    )
    assert fitting("a", [{"template_id": "a", "content": content}]) == {
        "number": "character_string7", "fault": "thing9", "area": "thing1", "time": "time2",
    }  # fmt: skip
    assert fitting("b", [{"template_id": "a", "content": content}]) == {}


def test_the_other_branch_sees_no_template(fetched: WxAccount, maple: Branch) -> None:
    assert fetched.appid not in client_at(maple, maple.bai).get(PAGE).content.decode()
