"""What a version of a type may say: the template set makes sense, and nonsense is named part by part."""

from typing import Any

import pytest

from apps.tickets.rules.bodies import body_complaints, face_complaints
from apps.tickets.rules.catalogue import CODES, TEMPLATES
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.field_sets import COLUMNS
from apps.tickets.wording import SENTENCES

FIELD = {"key": "plan", "kind": "text", "zh": "套餐"}
CHOICE = {"key": "c", "kind": "choice", "zh": "选", "options": [{"code": "a", "zh": "甲"}]}


def wrong(**body: Any) -> set[tuple[str, str]]:
    return {(one.path, one.rule) for one in body_complaints(body)}


def test_the_template_set_has_the_types_of_the_trade() -> None:
    assert len(set(CODES)) == len(CODES) == 23
    assert {"install_bb", "fault_enterprise", "site_repair", "satellite", "survey", "collect"} <= set(CODES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.code)
def test_every_template_could_be_published(template: Any) -> None:
    stored = template.definition.write()
    assert body_complaints(stored) == []
    assert Definition.read(stored) == template.definition
    face = {"code": template.code, "name_zh": template.zh, "kind": template.kind, "icon": template.icon}
    assert face_complaints({**face, "hq_code": template.code, "family": template.family}) == []


def test_what_a_template_asks_and_pays_is_that_of_the_book() -> None:
    of = {one.code: one.definition for one in TEMPLATES}
    assert of["fault_bb"].resolve_hours == (24, 36, 48, 72) and of["fault_bb"].legal_hours == (48, 48, 72, 72)
    assert of["line_repair"].priority == 0 and of["line_repair"].resolve_hours == (6, 8, 12, 24)
    assert of["install_combo"].skills == ("broadband", "tv") and of["install_combo"].base_points == "12"
    assert of["install_bb"].fees[0].fen == 10_000 and of["collect"].base_points == "1.5"
    assert of["complaint"].callback_pct == 100 and of["fault_tv"].remote_allowed and not of["install_tv"].remote_allowed
    proof = {one.key for one in of["install_bb"].at("finish") if one.required and one.kind in {"photo", "signature"}}
    assert proof == {"photo_door", "photo_port", "photo_device", "photo_reading", "signature"}


def test_each_group_of_types_asks_its_own_proof() -> None:
    """domain.md §2.3: what comes back from an order, a swap, a repair, a complaint, a collection."""
    of = {one.code: {field.key for field in one.definition.fields} for one in TEMPLATES}
    order = {"splitter_port", "cable_m", "real_name", "photo_door", "photo_port", "photo_device", "photo_reading",
             "signature"}  # fmt: skip
    for code in ("install_bb", "install_tv", "install_combo", "install_cpe", "relocate"):
        assert order <= of[code], code
    assert "card_no" in of["install_tv"] & of["install_combo"] & of["satellite"]
    assert {"serial_out", "condition", "accessories", "photo_old_label"} <= of["disconnect"] & of["swap_device"]
    repair = {"affected_users", "down_since", "restored_at", "fault_point", "third_party", "supervisor",
              "photo_before", "photo_during", "photo_after"}  # fmt: skip
    assert repair <= of["line_repair"] & of["site_repair"]
    assert {"level", "source", "claim", "regulator_no", "answer", "accepted"} <= of["complaint"]
    assert {"amount", "method", "receipt_no", "photo_receipt"} <= of["collect"]
    assert all({"symptom", "cause", "responsibility"} <= of[code] for code in of if code.startswith("fault_"))


def test_a_common_fault_can_be_completed_with_a_sentence() -> None:
    for template in TEMPLATES:
        if template.customer:
            assert not any(one.required for one in template.definition.fields), template.code


def test_codes_of_the_tickets_own_columns_fit_into_them() -> None:
    lengths = {"symptom_code": 30, "cause_code": 30, "responsibility": 20}
    for template in TEMPLATES:
        for one in template.definition.fields:
            if one.key in COLUMNS:
                assert all(len(option.code) <= lengths[COLUMNS[one.key]] for option in one.options), template.code


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"colour": "red"}, ("colour", "unknown")),
        ({"fields": [FIELD | {"colour": "red"}]}, ("fields.0.colour", "unknown")),
        ({"fields": [{"kind": "text", "zh": "x"}]}, ("fields.0.key", "missing")),
        ({"fields": [FIELD | {"key": "Plan!"}]}, ("fields.0.key", "pattern")),
        ({"fields": [FIELD | {"kind": "mood"}]}, ("fields.0.kind", "choice")),
        ({"fields": [FIELD | {"zh": ""}]}, ("fields.0.zh", "missing")),
        ({"fields": [FIELD | {"zh": "长" * 41}]}, ("fields.0.zh", "longest")),
        ({"fields": [FIELD | {"zh": "\x00"}]}, ("fields.0.zh", "pattern")),
        ({"fields": [FIELD | {"stage": "later"}]}, ("fields.0.stage", "choice")),
        ({"fields": [FIELD | {"required": "yes"}]}, ("fields.0.required", "kind")),
        ({"fields": [FIELD | {"least": "1"}]}, ("fields.0.least", "kind")),
        ({"fields": [FIELD | {"least": 5, "most": 2}]}, ("fields.0.most", "least")),
        ({"fields": [FIELD | {"most": 2.5}]}, ("fields.0.most", "count")),
        ({"fields": [FIELD | {"most": 501}]}, ("fields.0.most", "count")),
        ({"fields": [FIELD | {"unit": "m"}]}, ("fields.0.unit", "other_kind")),
        ({"fields": [FIELD | {"options": CHOICE["options"]}]}, ("fields.0.options", "other_kind")),
        ({"fields": [FIELD | {"kind": "date", "most": 3}]}, ("fields.0.most", "other_kind")),
        ({"fields": [FIELD | {"kind": "photo", "most": 10}]}, ("fields.0.most", "count")),
        ({"fields": [FIELD, FIELD | {"stage": "finish"}]}, ("fields.1.key", "twice")),
        ({"fields": [CHOICE | {"options": []}]}, ("fields.0.options", "no_options")),
        ({"fields": [CHOICE | {"options": CHOICE["options"] * 2}]}, ("fields.0.options.1.code", "twice")),
        ({"fields": [FIELD | {"key": f"k{n}"} for n in range(41)]}, ("fields", "many")),
        ({"resolve_hours": [24, 36, 48]}, ("resolve_hours", "fewest")),
        ({"resolve_hours": [24, 36, 48, -1]}, ("resolve_hours.3", "least")),
        ({"resolve_hours": [24, 36, 48, float("nan")]}, ("resolve_hours.3", "kind")),
        ({"legal_hours": [24, 36, 48, "x"]}, ("legal_hours.3", "kind")),
        ({"priority": 4}, ("priority", "most")),
        ({"priority": True}, ("priority", "kind")),
        ({"base_points": "many"}, ("base_points", "pattern")),
        ({"base_points": "1.255"}, ("base_points", "pattern")),
        ({"callback_pct": 101}, ("callback_pct", "most")),
        ({"photos": 10}, ("photos", "most")),
        ({"skills": ["tv", "tv"]}, ("skills", "twice")),
        ({"dispatch_rule": "lottery"}, ("dispatch_rule", "choice")),
        ({"appointment": "maybe"}, ("appointment", "choice")),
        ({"remote_allowed": 1}, ("remote_allowed", "kind")),
        ({"fees": [{"code": "a", "zh": "费", "fen": 1.5}]}, ("fees.0.fen", "kind")),
        ({"fees": [{"code": "a", "zh": "费", "fen": -1}]}, ("fees.0.fen", "least")),
        ({"fees": [{"code": "a", "zh": "费", "fen": 1}] * 2}, ("fees.1.code", "twice")),
        ({"script": "长" * 1001}, ("script", "longest")),
    ],
)  # fmt: skip
def test_nonsense_is_named_by_its_part_and_rule(body: dict[str, Any], expected: tuple[str, str]) -> None:
    assert wrong(**body) == {expected}


def test_everything_wrong_is_told_at_once() -> None:
    assert wrong(priority=9, photos=-1, colour=1) == {("priority", "most"), ("photos", "least"), ("colour", "unknown")}


def test_a_strangers_name_is_repeated_short_and_whole() -> None:
    [(path, _)] = wrong(**{"\ud800" + "x" * 100: 1})
    assert len(path) == 40 and path.encode()


def test_every_rule_has_its_words() -> None:
    from apps.tickets.rules.judging import RULES

    assert set(RULES.values()) <= set(SENTENCES)
