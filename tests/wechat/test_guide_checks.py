"""The guide's buttons against the real sandbox: what each answer of WeChat tells the administrator to do."""

import re
from datetime import timedelta
from typing import Any

import pytest

from apps.wechat import services
from apps.wechat.account_reads import in_trouble
from apps.wechat.calls import http
from apps.wechat.models import StaffBinding, WxAccount
from apps.wechat.rules import advice, guide
from steppe.kernel import clock
from steppe.kernel.journal.models import AuditEntry
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat import desk, stand
from tests.wechat.desk import API, GUIDE

TOKEN = "/cgi-bin/stable_token"


def tried(branch: Branch, step: str = "token") -> str:
    """Press the button of a step; the page afterwards."""
    client = desk.admin(branch)
    answer = desk.post(client, f"check/{step}")
    assert answer.status_code == 303, answer.content[:500]
    return client.get(GUIDE).content.decode()


def test_a_working_account_is_green_and_says_when_it_was_tried(office, lotus_db: Branch) -> None:
    page = tried(lotus_db)
    assert desk.stand_of(page, "token") == "good"
    result = desk.read().checks["token"]
    assert result["ok"] and result["facts"] == {}
    desk.assert_hidden(_plain(office), page)
    assert AuditEntry.objects.filter(action="wechat.check", actor_name="Bai").count() == 1


def test_each_try_asks_wechat_anew_past_every_cache(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    wx.spoil(TOKEN, {"errcode": 40125})
    assert desk.stand_of(tried(lotus_db), "token") == "wrong"
    assert desk.stand_of(tried(lotus_db), "token") == "good"
    assert wx.token_calls() == 2


def test_an_address_that_is_not_in_the_list_is_shown_to_be_copied(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    said = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"
    wx.spoil(TOKEN, {"errcode": 40164, "errmsg": said})
    page = tried(lotus_db)
    assert desk.stand_of(page, "token") == "wrong"
    assert re.search(r'id="copy-token" value="203\.0\.113\.9" readonly', page) and 'data-copy="copy-token"' in page


@pytest.mark.parametrize("errcode", [40125, 40013, 40243, 89503, 45009, 40001])
def test_each_refusal_has_its_own_advice(office, wx: stand.Sandbox, lotus_db: Branch, errcode: int) -> None:
    wx.spoil(TOKEN, {"errcode": errcode})
    page = tried(lotus_db)
    known = 40125 if errcode == 40001 else errcode  # at this door 40001 means a wrong secret
    facts = desk.read().checks["token"]["facts"]
    assert (facts["errcode"], facts["advice"]) == (known, str(known)) and f"{known} " in page
    assert len(facts["rid"]) > 8 and desk.stand_of(page, "token") == "wrong"
    desk.assert_hidden(_plain(office), page)


@pytest.mark.parametrize(
    ("action", "kind"),
    [({"html": True}, "no_json"), ({"http": 502}, "no_json"), ({"delay_s": 3}, "no_answer"),
     ({"drop_before": True}, "no_answer"), ({"errcode": 99999}, "other")],
)  # fmt: skip
def test_no_real_answer_is_told_apart_from_a_refusal(
    office, wx: stand.Sandbox, lotus_db: Branch, monkeypatch: pytest.MonkeyPatch, action: dict[str, Any], kind: str
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", (1, 1))
    wx.spoil(TOKEN, action)
    page = tried(lotus_db)
    assert desk.read().checks["token"]["facts"]["advice"] == kind and desk.stand_of(page, "token") == "wrong"


def test_the_callback_turns_green_when_wechat_asks_and_is_not_noted_with_every_message(
    office, lotus_db: Branch
) -> None:
    assert desk.stand_of(desk.admin(lotus_db).get(GUIDE).content.decode(), "callback") == "todo"
    page = tried(lotus_db, "callback")
    assert desk.stand_of(page, "callback") == "todo" and "能访问本系统" in page
    stamp = str(int(clock.now().timestamp()))
    mark = stand.signature(office.secrets.token, stamp, "n")
    asked = {"signature": mark, "timestamp": stamp, "nonce": "n", "echostr": "hello"}
    assert client_at(lotus_db).get(office.door, asked).content == b"hello"
    page = tried(lotus_db, "callback")
    assert desk.stand_of(page, "callback") == "good" and desk.read().verified_at and not desk.read().heard_at
    first = _tell(office, lotus_db)
    assert first and _tell(office, lotus_db) == first  # a second message within the minute writes nothing
    WxAccount.objects.update(heard_at=clock.now() - timedelta(minutes=2))
    assert _tell(office, lotus_db) > first


def test_a_forged_question_proves_nothing(office, lotus_db: Branch) -> None:
    forged = {"signature": "0" * 40, "timestamp": str(int(clock.now().timestamp())), "nonce": "n", "echostr": "x"}
    assert client_at(lotus_db).get(office.door, forged).status_code == 403
    assert desk.read().verified_at is None and desk.read().heard_at is None


def test_a_test_card_reaches_who_asked_once(office, wx: stand.Sandbox, lotus_db: Branch) -> None:
    assert desk.stand_of(tried(lotus_db, "card"), "card") == "wrong"  # Bai is not bound yet
    stand.bind(wx, office.account, "bai")
    once = key()
    results = [services.run_check("card", by=actor("bai"), key=once) for _ in range(2)]
    assert [one["ok"] for one in results] == [True, True]
    (card,) = wx.cards(openid="o-lotus-bai")
    assert "测试" in str(card)
    StaffBinding.objects.filter(user=actor("bai").id).delete()


def test_trouble_stands_on_top_with_its_fix_and_as_a_badge_until_it_is_mended(office, lotus_db: Branch) -> None:
    WxAccount.objects.update(
        trouble="40164 invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist",
        paused_until=clock.now() + timedelta(minutes=9),
    )
    client = desk.admin(lotus_db)
    home = client.get("/console/").content.decode()
    assert re.search(r'href="/console/wechat/"[^>]*>[^<]*<span class="badge">1</span>', home)
    page = client.get(GUIDE).content.decode()
    assert page.index("wx-trouble") < page.index("wx-contents") and 'id="copy-trouble" value="203.0.113.9"' in page
    assert desk.post(client, "mended").status_code == 303
    assert (desk.read().trouble, desk.read().paused_until, in_trouble()) == ("", None, 0)
    assert "wx-trouble" not in client.get(GUIDE).content.decode()


def test_a_result_says_nothing_of_the_other_branch_and_the_api_does_the_same(
    office, wx: stand.Sandbox, lotus_db: Branch, maple: Branch
) -> None:
    wx.spoil(TOKEN, {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"})
    answer = desk.admin(lotus_db).api("post", f"{API}checks/token", {})
    assert answer.status_code == 200 and answer.json()["facts"]["address"] == "203.0.113.9"
    other = client_at(maple, maple.bai)
    assert other.api("post", f"{API}checks/token", {}).status_code == 404
    assert "203.0.113.9" not in other.get(GUIDE).content.decode()
    assert desk.admin(lotus_db).api("post", f"{API}checks/nonsense", {}).status_code == 404
    assert client_at(lotus_db, lotus_db.lin).api("post", f"{API}checks/token", {}).status_code == 403


def test_addresses_and_numbers_come_out_of_wechats_sentences() -> None:
    assert advice.address_in("invalid ip 2408:4321::1 ipv6 2408:4321::1, not in whitelist") == "2408:4321::1"
    assert advice.address_in("invalid ip <script>, not in whitelist") == advice.address_in("invalid appid") == ""
    assert advice.number_in("40164 invalid") == 40164 and advice.number_in("no number") is None
    assert set(guide.stands(None).values()) == {(guide.Stand.TODO, "empty"), (guide.Stand.TODO, "later")}


def _plain(office: Any) -> dict[str, str]:
    secrets = office.secrets
    return {"app_secret": secrets.secret, "token": secrets.token, "aes_key": secrets.aes_keys[0]}


def _tell(office: Any, branch: Branch) -> Any:
    query, body = stand.delivery(office.secrets, stand.event_xml(office.secrets, "VIEW"))
    assert client_at(branch).post(f"{office.door}?{query}", body, content_type="text/xml").status_code == 200
    return desk.read().heard_at
