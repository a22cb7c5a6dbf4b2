"""What a type asks at the report: checked against the version in force, kept on the ticket."""

from typing import Any

import pytest

from apps.tickets import services
from apps.tickets.answers_read import answers_of
from apps.tickets.errors import BadAnswers
from apps.tickets.models import Photo, Ticket
from apps.tickets.services import open_ticket
from steppe.kernel.actors import ANONYMOUS, Actor
from tests.cast import Branch
from tests.make import key, make_ticket, picture, report
from tests.rules import refused
from tests.tickets.types import ASKED, publish

NEED = ASKED | {"required": True}


def told(lotus: Branch, **fields: Any) -> set[str]:
    """What the refusal of a report with these answers names; nothing has changed."""
    named: set[str] = set()
    with refused(BadAnswers):
        try:
            open_ticket(report=report(fields=fields), channel="shop", by=lotus.cai, key=key())
        except BadAnswers as refusal:
            named = set(refusal.fields)
            raise
    return named


def test_the_answers_are_kept_and_the_symptom_has_its_column(lotus_db: Branch) -> None:
    ticket = make_ticket(fields={"symptom": "optical.los"})
    assert (ticket.fields, ticket.symptom_code) == ({"symptom": "optical.los"}, "optical.los")


def test_what_is_not_required_may_be_left_out_or_empty(lotus_db: Branch, mei: Actor) -> None:
    assert make_ticket().fields == {}
    opened = open_ticket(report=report(fields={"symptom": ""}), channel="h5", by=mei, key=key())
    assert Ticket.objects.get(id=opened.entity_id).fields == {}


def test_a_field_the_type_does_not_have_is_refused_by_name(lotus_db: Branch) -> None:
    assert told(lotus_db, symptom="optical.los", colour="red") == {"fields.colour"}


def test_a_field_of_the_completion_is_unknown_at_the_report(lotus_db: Branch) -> None:
    assert told(lotus_db, cause="power") == {"fields.cause"}


def test_an_answer_of_the_wrong_kind_is_refused_by_name(lotus_db: Branch) -> None:
    assert told(lotus_db, symptom="signal.none") == {"fields.symptom"}


def test_required_means_everybody(lotus_db: Branch, mei: Actor, cai: Actor) -> None:
    publish("fault_bb", NEED)
    assert told(lotus_db) == {"fields.plan"} == told(lotus_db, plan="  ".strip())
    for who, channel in ((mei, "wechat_oa"), (ANONYMOUS, "h5"), (cai, "shop")):
        with refused(BadAnswers):
            open_ticket(report=report(), channel=channel, by=who, key=key())
    assert make_ticket(fields={"plan": "300M"}).fields == {"plan": "300M"}


def test_the_refusal_speaks_of_the_field_in_the_readers_language(lotus_db: Branch, cai: Actor) -> None:
    from django.utils.translation import override

    for language, words in (("zh-hans", "请填写"), ("en", "Please fill this in.")):
        publish("fault_bb", NEED)
        with override(language), pytest.raises(BadAnswers) as caught:
            open_ticket(report=report(), channel="shop", by=cai, key=key())
        assert words in caught.value.fields["fields.plan"][0]


def test_a_place_is_kept_in_our_datum(lotus_db: Branch) -> None:
    publish("fault_bb", {"key": "node", "kind": "location", "zh": "光节点"})
    there = {"lat": 43.9340, "lng": 116.0870}
    assert make_ticket(fields={"node": there}).fields["node"] == there
    moved = make_ticket(fields={"node": there | {"datum": "gcj02"}}).fields["node"]
    assert set(moved) == {"lat", "lng"} and abs(moved["lat"] - there["lat"]) > 0.0005


def test_pictures_that_answer_hang_on_the_ticket_under_their_field(lotus_db: Branch, cai: Actor) -> None:
    publish("fault_bb", {"key": "box", "kind": "photo", "zh": "光猫照片", "required": True})
    name = services.upload_photo(content=picture(), stage="report", by=cai, key=key()).public_id
    ticket = make_ticket(fields={"box": [name]})
    photo = Photo.objects.get(ticket=ticket)
    assert (photo.public_id, photo.label, photo.stage) == (name, "box", "report")


def test_a_picture_of_somebody_else_answers_nothing(lotus_db: Branch, an: Actor) -> None:
    publish("fault_bb", {"key": "box", "kind": "photo", "zh": "光猫照片"})
    foreign = services.upload_photo(content=picture(), stage="report", by=an, key=key()).public_id
    assert told(lotus_db, box=[foreign]) == {"fields.box"}
    assert told(lotus_db, box=["no-such-photo"]) == {"fields.box"}


def test_the_answers_are_read_in_words(lotus_db: Branch) -> None:
    from django.utils.translation import override

    publish(
        "fault_bb", ASKED,
        {"key": "dbm", "kind": "number", "zh": "光功率", "en": "Power", "unit": "dBm"},
        {"key": "new", "kind": "yes_no", "zh": "新用户"},
        {"key": "sees", "kind": "choices", "zh": "现象",
         "options": [{"code": "a", "zh": "红灯", "en": "Red"}, {"code": "b", "zh": "掉线"}]},
        {"key": "since", "kind": "datetime", "zh": "发生时间"},
        {"key": "where", "kind": "location", "zh": "位置"},
    )  # fmt: skip
    given = {"plan": "300M", "dbm": -19.5, "new": False, "sees": ["a", "b"], "since": "2026-02-28T02:00:00+00:00",
             "where": {"lat": 43.9, "lng": 116.1}}  # fmt: skip
    ticket = make_ticket(fields=given)
    with override("zh-hans"):
        read = [(one.label, one.text) for one in answers_of(ticket, "report")]
    assert read == [("套餐", "300M"), ("光功率", "-19.5 dBm"), ("新用户", "否"), ("现象", "红灯、掉线"),
                    ("发生时间", "2026-02-28 10:00"), ("位置", "43.90000, 116.10000")]  # fmt: skip
    with override("en"):
        english = {one.label: one.text for one in answers_of(ticket, "report")}
    assert english["Power"] == "-19.5 dBm" and english["现象"] == "Red, 掉线"
