"""A rule set is kept as JSON and comes back the same; what cannot be a rule is told where it stands."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from apps.costing.rules.checking import problems
from apps.costing.rules.rulebook import DEFAULT, Rulebook

D = Decimal


def changed(path: str, value: Any) -> dict[str, Any]:
    """The default set with one part set otherwise; numbers in the path are places of a list."""
    body = deepcopy(DEFAULT.body())
    *steps, last = [int(step) if step.isdigit() and step not in ("1", "5") else step for step in path.split(".")]
    part: Any = body
    for step in steps:
        part = part[int(step) if isinstance(part, list) else step]
    part[int(last) if isinstance(part, list) else last] = value
    return body


def told(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.path, one.rule) for one in problems(body)]


def test_it_comes_back_as_it_was_kept() -> None:
    kept = json.loads(json.dumps(DEFAULT.body()))
    assert Rulebook.read(kept) == DEFAULT and Rulebook.read(kept).body() == DEFAULT.body()


def test_the_defaults_are_the_domains_and_have_no_fault() -> None:
    assert problems(DEFAULT.body()) == []
    assert [one.factor for one in DEFAULT.difficulties] == [D("0.8"), D("1.0"), D("1.2"), D("1.5")]
    assert [one.needs_leader for one in DEFAULT.difficulties] == [False, False, True, True]
    assert (DEFAULT.deduction_cap, DEFAULT.minutes_per_point, DEFAULT.rates.point_fen) == (D("0.20"), 10, 350)
    assert {one.code: one.points for one in DEFAULT.deductions} == {
        "complaint": 5, "complaint_major": 15, "no_contact": 1, "late_return": 1, "photos": 3, "false_check_in": 20,
        "unreported_fee": 20,
    }  # fmt: skip


def test_what_is_missing_is_as_usual_and_an_unknown_name_is_refused() -> None:
    assert Rulebook.read({"minutes_per_point": 12}).minutes_per_point == 12
    with pytest.raises(TypeError, match="bonuses"):
        Rulebook.read({"bonuses": []})
    with pytest.raises(TypeError, match="tips"):
        Rulebook.read({"travel": {"tips": "1"}})


@pytest.mark.parametrize("value", [1.5, True, None, "1,5", "NaN", "1e3", "", "١"])
def test_a_number_is_written_plainly_or_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Rulebook.read({"deduction_cap": value})


@pytest.mark.parametrize(("path", "value", "rule"), [
    ("bonuses", {}, "unknown"), ("travel.per_km", "0,06", "pattern"), ("travel.per_km", 0.06, "kind"),
    ("travel.per_km", "-1", "pattern"), ("travel.per_km", "6", "most"), ("travel.who", "everybody", "choice"),
    ("area.D", "13", "most"), ("area.D", "٣", "pattern"), ("time.night", "1\n", "pattern"),
    ("time.night_from", "٠8:00", "hour"), ("base", {"Fault BB": "5"}, "code"), ("base", {"fault_bb": "1000"}, "most"),
    ("quantities.0.per", "0", "positive"), ("quantities.1.code", "cable", "twice"),
    ("quantities.0.code", "Cable", "code"),
    ("quantities.0.zh", "", "missing"), ("quantities.0.zh", "a\x00", "text"), ("quantities.0.field", "cable m", "code"),
    ("difficulties.0.factor", "9", "most"), ("time.night_from", "24:00", "hour"), ("time.night_until", "8:00", "hour"),
    ("quality.steps.2.until_pct", "60", "order"), ("quality.steps.3.factor", "0.95", "falling"),
    ("quality.later", "0.80", "falling"), ("quality.scores.5", "0.90", "rising"), ("quality.ceiling", "0.4", "least"),
    ("special.not_done", "1.5", "most"), ("deduction_cap", "1.01", "most"), ("minutes_per_point", 0, "least"),
    ("repeat.clawback", "2", "most"), ("month.ceiling", "0.5", "least"), ("month.measures.0.weight", 50, "hundred"),
    ("month.measures.0.high_pct", "70", "span"), ("shares.2", [50, 25, 26], "hundred"),
    ("shares.2", [70, 30], "twice"), ("rates.point_fen", "350", "kind"), ("rates.share_pct", 101, "most"),
])  # fmt: skip
def test_what_cannot_be_a_rule_is_told_where_it_stands(path: str, value: Any, rule: str) -> None:
    found = told(changed(path, value))
    assert any(rule == one and (path.startswith(where) or where.startswith(path)) for where, one in found), found


def test_a_missing_part_is_told() -> None:
    body = DEFAULT.body()
    del body["area"]["D"]
    assert told(body) == [("area.D", "missing")]


def test_quantities_come_from_the_answers_else_from_the_technician() -> None:
    found = DEFAULT.counted(
        {"cable_m": 80, "points_ok": 3, "points_ng": 1, "power_dbm": -20},
        {"cable": D(500), "pole": D(2), "splice": D(0)},
    )
    assert found == {"cable": D(80), "pole": D(2), "inspection_point": D(4)}
