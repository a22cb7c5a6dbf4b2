"""A branch's choice of templates is compared with what the account has at WeChat."""

import pytest

from apps.wechat.calls.client import client_for
from apps.wechat.calls.notices import notice_pool
from apps.wechat.rules import values
from apps.wechat.rules.cards import FACTS, standard_templates
from apps.wechat.rules.templates import FITTING, Complaint, by_label, judge, keys_of
from apps.wechat.services import channels
from tests.wechat import stand

POOL = [{
    "template_id": "T1", "title": "新工单提醒",
    "content": "工单编号：{{character_string1.DATA}}\n故障类型：{{thing2.DATA}}\n"
    "报修时间：{{time4.DATA}}\n状态：{{phrase5.DATA}}",
}]  # fmt: skip
GOOD = {"number": "character_string1", "fault": "thing2", "time": "time4", "status": "phrase5"}


def wrong(**changes):
    entry = {"template_id": "T1", "keywords": dict(GOOD)} | changes
    return [(one.rule, one.part) for one in judge({"new_ticket": entry}, POOL)]


def test_what_fits_is_not_complained_about():
    assert wrong() == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"template_id": ""}, ("no_id", "")),
        ({"template_id": "T9"}, ("not_in_pool", "T9")),
        ({"keywords": {}}, ("no_keywords", "")),
        ({"keywords": GOOD | {"price": "amount6"}}, ("unknown_fact", "price")),
        ({"keywords": GOOD | {"area": "thing3"}}, ("no_such_keyword", "thing3")),
        ({"keywords": {name: key for name, key in GOOD.items() if name != "time"}}, ("left_empty", "time4")),
        ({"keywords": GOOD | {"area": "thing2"}}, ("twice", "thing2")),
        ({"keywords": GOOD | {"number": "phrase5", "status": "character_string1"}}, ("wrong_type", "phrase5")),
    ],
)
def test_each_mistake_is_named(changes, complaint):
    assert complaint in wrong(**changes)


def test_a_card_nobody_knows_and_a_type_nobody_can_fill():
    assert judge({"novelty": {"template_id": "T1"}}, POOL) == [Complaint("novelty", "unknown_card")]
    pool = [{"template_id": "T1", "content": "故障类型：{{hologram1.DATA}}"}]
    assert judge({"new_ticket": {"template_id": "T1", "keywords": {"fault": "hologram1"}}}, pool) == [
        Complaint("new_ticket", "unknown_type", "hologram1")
    ]


def test_every_fact_has_types_it_fits_into_and_each_of_them_has_a_formatter():
    assert set(FITTING) == set(FACTS)
    assert {kind for kinds in FITTING.values() for kind in kinds} <= set(values.RULES)


@pytest.mark.parametrize(
    ("kind", "most", "allowed"),
    [
        ("thing", 20, r".+"), ("character_string", 32, r"[\x21-\x7e]+"), ("number", 32, r"-?[0-9.]+"),
        ("letter", 32, r"[A-Za-z]+"), ("symbol", 5, r"[^\w\s]+"), ("phrase", 5, r"[\u4e00-\u9fff]+"),
        ("phone_number", 17, r"[0-9+\-]+"), ("car_number", 8, r".+"), ("amount", 14, r"[0-9.]+元"),
        ("const", 20, r".+"), ("short_thing", 5, r".+"),
    ],
)  # fmt: skip
def test_every_type_of_the_reference_keeps_its_limit(kind, most, allowed):
    import re

    for text in ("", "宽带 12.5 abcDEF!?#\n😀" * 9, "京A12345678901234567890", "+86 139-0000-1234-5678-9999", "1" * 99):
        fitted = values.fit(f"{kind}1", text)["value"]
        assert 0 < len(fitted) <= most and re.fullmatch(allowed, fitted), (kind, fitted)


@pytest.mark.parametrize(
    ("text", "most"), [("孛儿只斤·阿拉坦其其格玛格日勒图", 10), ("Borjigin Alatanqiqige of Xilinhot", 20)]
)
def test_a_name_keeps_its_limit_in_both_scripts(text, most):
    assert len(values.fit("name1", text)["value"]) <= most


def test_times_are_24_hours_with_an_optional_day():
    import re

    for value in ("2026-11-23T23:05:00+08:00", "soon", "", None):
        assert re.fullmatch(r"(\d{4}年\d\d月\d\d日 )?\d\d:\d\d", values.fit("time1", value)["value"])
        assert values.fit("date1", value) == values.fit("time1", value)


def test_the_standard_choice_fits_what_the_sandbox_has_after_it_was_introduced(office, wx):
    pool = client_for(office.account).template.get_all_private_template()["template_list"]
    assert judge(standard_templates(office.account.appid), pool) == []
    assert keys_of(pool[0])[0] == "character_string1"


def test_notices_are_chosen_by_id_and_filled_by_their_labels(office, wx):
    channels.connect_notices(office.account, {"accepted": standard_templates("n")["accepted"]})
    office.account.refresh_from_db()
    wx.tell("accounts", stand.introduce.described(office.account))
    (one,) = notice_pool(office.account)
    assert by_label(one) == standard_templates("n")["accepted"]["keywords"]
    assert judge({"accepted": {"template_id": one["priTmplId"], "keywords": by_label(one)}}, [one]) == []
