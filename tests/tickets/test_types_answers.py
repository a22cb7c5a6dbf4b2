"""What a field of each kind takes, and how a page's text becomes a value."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apps.tickets.rules.catalogue import TEMPLATES
from apps.tickets.rules.definitions import FIELD_KINDS, Field, Option
from apps.tickets.rules.forms import complaints, given, read_answers, schema_of

OPTIONS = (Option("a", "甲", "A"), Option("b", "乙"))
PHOTO, OTHER = "photo-of-one", "photo-of-two"


def one(kind: str, **more: Any) -> Field:
    more.setdefault("options", OPTIONS if kind in {"choice", "choices"} else ())
    return Field("f", kind, "字段", **more)


GOOD: list[tuple[Field, Any]] = [
    (one("text"), "any 字"),
    (one("text", least=3, most=4), "four"),
    (one("number", least=-40, most=10), -19.5),
    (one("number"), 0),
    (one("choice"), "b"),
    (one("choices"), ["a", "b"]),
    (one("date"), "2026-02-28"),
    (one("datetime"), "2026-02-28T10:00:00+08:00"),
    (one("yes_no"), False),
    (one("serial"), "ZTEG-1234.5678/A"),
    (one("photo"), [PHOTO]),
    (one("photo", least=2), [PHOTO, OTHER]),
    (one("location"), {"lat": 43.9, "lng": 116.1, "datum": "gcj02"}),
    (one("signature"), PHOTO),
]
BAD: list[tuple[Field, Any, str]] = [
    (one("text"), 5, "f kind"),
    (one("text", most=4), "fiver", "f longest"),
    (one("text", least=3), "ab", "f shortest"),
    (one("text"), "a\x00b", "f pattern"),
    (one("text"), "\ud800", "f pattern"),
    (one("number"), "5", "f kind"),
    (one("number"), True, "f kind"),
    (one("number"), float("inf"), "f kind"),
    (one("number", least=-40), -41, "f least"),
    (one("number", most=10), 10.5, "f most"),
    (one("choice"), "c", "f choice"),
    (one("choice"), ["a"], "f choice"),
    (one("choices"), ["a", "c"], "f.1 choice"),
    (one("choices"), ["a", "a"], "f twice"),
    (one("choices", most=1), ["a", "b"], "f many"),
    (one("date"), "2026-02-30", "f kind"),
    (one("date"), "20260228", "f kind"),
    (one("datetime"), "2026-02-28T10:00:00", "f kind"),
    (one("datetime"), "soon", "f kind"),
    (one("yes_no"), "yes", "f kind"),
    (one("serial"), "x y", "f pattern"),
    (one("serial"), "abc", "f pattern"),
    (one("photo"), ["../etc"], "f.0 pattern"),
    (one("photo", least=2), [PHOTO], "f fewest"),
    (one("photo"), [f"photo-{n:04d}" for n in range(10)], "f many"),
    (one("location"), {"lat": 91, "lng": 0}, "f.lat most"),
    (one("location"), {"lat": 1}, "f.lng missing"),
    (one("location"), {"lat": 1, "lng": 1, "why": 1}, "f.why unknown"),
    (one("signature"), [PHOTO], "f kind"),
]


def test_every_kind_is_tried() -> None:
    assert {field.kind for field, _ in GOOD} == {field.kind for field, *_ in BAD} == set(FIELD_KINDS)


@pytest.mark.parametrize(("field", "value"), GOOD, ids=lambda part: getattr(part, "kind", ""))
def test_a_fitting_answer_is_taken(field: Field, value: Any) -> None:
    assert complaints([field], {"f": value}) == []


@pytest.mark.parametrize(("field", "value", "why"), BAD, ids=lambda part: getattr(part, "kind", ""))
def test_what_does_not_fit_is_named(field: Field, value: Any, why: str) -> None:
    assert [f"{found.path} {found.rule}" for found in complaints([field], {"f": value})] == [why]


def test_a_field_nobody_asked_for_is_refused_also_where_nothing_is_asked() -> None:
    assert [(c.path, c.rule) for c in complaints([], {"colour": "red"})] == [("colour", "unknown")]


def test_what_is_required_must_be_there_and_nothing_else() -> None:
    fields = [one("text", required=True), Field("g", "text", "另")]
    assert [(c.path, c.rule) for c in complaints(fields, {})] == [("f", "missing")]
    assert complaints(fields, {"f": "x"}) == []


def test_what_is_left_empty_is_not_given() -> None:
    assert given({"a": "", "b": None, "c": [], "d": {}, "e": False, "f": 0}) == {"e": False, "f": 0}


def test_from_afar_no_picture_is_demanded_but_readings_are() -> None:
    fields = [Field("p", "photo", "照片", required=True), Field("s", "signature", "签名", required=True),
              Field("n", "number", "数", required=True)]  # fmt: skip
    assert [c.path for c in complaints(fields, {}, proof=False)] == ["n"]
    assert [c.path for c in complaints(fields, {})] == ["n", "p", "s"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda found: found.code)
def test_every_form_of_the_templates_is_a_valid_json_schema(template: Any) -> None:
    for stage in ("report", "finish"):
        Draft202012Validator.check_schema(schema_of(template.definition.at(stage)))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", " 300M ", "300M"), ("number", "-19.50", -19.5), ("number", "12", 12), ("number", "twelve", "twelve"),
        ("choice", "b", "b"), ("yes_no", "no", False), ("yes_no", "yes", True), ("yes_no", "perhaps", "perhaps"),
        ("serial", "zteg 12 34", "ZTEG1234"), ("date", "2026-02-28", "2026-02-28"),
        ("datetime", "2026-02-28T10:00", "2026-02-28T10:00:00+08:00"), ("datetime", "soon", "soon"),
        ("photo", PHOTO, [PHOTO]), ("choices", "a", ["a"]), ("signature", PHOTO, PHOTO),
    ],
)  # fmt: skip
def test_a_pages_text_becomes_a_value_or_stays_to_be_refused(kind: str, typed: str, value: Any) -> None:
    assert read_answers([one(kind)], lambda name: [typed]) == {"f": value}


def test_a_place_is_read_from_its_parts() -> None:
    told = {"f-lat": ["43.9"], "f-lng": ["116.1"], "f-crs": ["gcj02"]}
    assert read_answers([one("location")], lambda name: told.get(name, [])) == {
        "f": {"lat": 43.9, "lng": 116.1, "datum": "gcj02"}
    }
    assert read_answers([one("location")], lambda name: []) == {}
