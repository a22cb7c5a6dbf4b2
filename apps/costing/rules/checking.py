"""Does the body of a rule set make sense? Its shape as JSON Schema, and what a schema cannot say. Pure.

Words for the rules stand in apps/costing/wording.py. A set that passes keeps what the properties promise: nothing is
ever negative, being later or liked less never pays more, floors stand below ceilings, shares make a hundred.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from apps.costing.rules.rulebook import AREAS, MAIN, MEASURES, SCORES, TEAM, Month, Quality, Rulebook
from apps.tickets.rules.judging import TEXT, Complaint, Json, judge, shown

D = Decimal
CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MOST_ROWS, MOST_TEAM, MOST_TYPES = 30, 10, 200
MOST_POINTS, MOST_FACTOR, MOST_PCT = D(999), D(5), D(1000)
FLAT = ("remote", "empty_trip", "verification")


def problems(body: Mapping[str, Any]) -> list[Complaint]:
    """What is wrong with a rule set; unknown names too. Its shape first, its sense when the shape is right."""
    return judge(BODY, body) or list(_senseless(Rulebook.read(body)))


def _object(**properties: Json) -> Json:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _list(items: Json, most: int = MOST_ROWS, least: int = 0) -> Json:
    return {"type": "array", "items": items, "maxItems": most, "minItems": least}


def _whole(most: int, least: int = 0) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most}


def _words(longest: int = 40) -> Json:
    return {"type": "string", "maxLength": longest, "minLength": 1}


_DECIMAL: Json = {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,2})?\Z"}
_CODE, _FLAG = _words(30), {"type": "boolean"}
_NAMES = {"code": _CODE, "zh": _words(), "en": {"type": "string", "maxLength": 60}}
_MEASURE = _object(code={"enum": list(MEASURES)}, weight=_whole(100), low_pct=_DECIMAL, high_pct=_DECIMAL)
BODY = _object(
    base={"type": "object", "additionalProperties": _DECIMAL, "maxProperties": MOST_TYPES},
    quantities=_list(
        _object(**_NAMES, field={"type": "string", "maxLength": 100}, beyond=_DECIMAL, per=_DECIMAL, points=_DECIMAL)
    ),
    difficulties=_list(_object(**_NAMES, factor=_DECIMAL, needs_leader=_FLAG)),
    area=_object(**dict.fromkeys(AREAS, _DECIMAL)),
    time=_object(night_from=_words(5), night_until=_words(5), night=_DECIMAL, rest=_DECIMAL, holiday=_DECIMAL),
    quality=_object(
        steps=_list(_object(until_pct=_DECIMAL, factor=_DECIMAL), 10),
        later=_DECIMAL,
        scores=_object(**dict.fromkeys(SCORES, _DECIMAL)),
        floor=_DECIMAL,
        ceiling=_DECIMAL,
    ),
    shares=_list(_list(_whole(100), MOST_TEAM, 1), MOST_TEAM),
    travel=_object(free_km=_DECIMAL, per_km=_DECIMAL, who={"enum": [TEAM, MAIN]}),
    special=_object(
        remote=_DECIMAL, empty_trip=_DECIMAL, verification=_DECIMAL, no_fault_found=_DECIMAL, not_done=_DECIMAL
    ),
    deductions=_list(_object(**_NAMES, points=_DECIMAL, review=_FLAG)),
    deduction_cap=_DECIMAL,
    minutes_per_point=_whole(120, 1),
    repeat=_object(trouble_days=_whole(365), install_days=_whole(365), clawback=_DECIMAL),
    month=_object(floor=_DECIMAL, ceiling=_DECIMAL, measures=_list(_MEASURE, len(MEASURES))),
    rates=_object(
        point_fen=_whole(1_000_000), on_cost=_DECIMAL, own_km_fen=_whole(100_000), company_km_fen=_whole(100_000),
        lodging_km=_DECIMAL, share_months=_whole(120), share_pct=_whole(100), residual_pct=_whole(100),
    ),
)  # fmt: skip


def _senseless(book: Rulebook) -> Iterator[Complaint]:
    yield from _codes(book)
    for path, value, most in _bounded(book):
        if value > most:
            yield Complaint(path, "most", shown(most))
    for place, item in enumerate(book.quantities):
        if item.per <= 0:
            yield Complaint(f"quantities.{place}.per", "positive")
    yield from _hours(book)
    yield from _quality(book.quality)
    yield from _shares(book.shares)
    yield from _month(book.month)


def _codes(book: Rulebook) -> Iterator[Complaint]:
    """What other rooms call these by: plain, and each once."""
    for where, rows in (
        ("quantities", book.quantities), ("difficulties", book.difficulties), ("deductions", book.deductions),
        ("month.measures", book.month.measures),
    ):  # fmt: skip
        yield from _named(where, [one.code for one in rows])
        for place, row in enumerate(rows):
            for name in ("zh", "en"):
                if not re.search(TEXT, getattr(row, name, "")):
                    yield Complaint(f"{where}.{place}.{name}", "text")
    for code in book.base:
        if not CODE.fullmatch(code):
            yield Complaint("base", "code")
    for place, item in enumerate(book.quantities):
        if not all(map(CODE.fullmatch, item.fields)):
            yield Complaint(f"quantities.{place}.field", "code")


def _named(where: str, codes: Iterable[str]) -> Iterator[Complaint]:
    seen: Counter[str] = Counter()
    for place, code in enumerate(codes):
        seen[code] += 1
        if not CODE.fullmatch(code):
            yield Complaint(f"{where}.{place}.code", "code")
        elif seen[code] > 1:
            yield Complaint(f"{where}.{place}.code", "twice")


def _bounded(book: Rulebook) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Every number with the most it may be; what pays itself nothing by mistake is still a rule, ten times is not."""
    yield from ((f"base.{code}", value, MOST_POINTS) for code, value in book.base.items())
    for place, item in enumerate(book.quantities):
        yield f"quantities.{place}.points", item.points, MOST_POINTS
    for place, one in enumerate(book.difficulties):
        yield f"difficulties.{place}.factor", one.factor, MOST_FACTOR
    yield from ((f"area.{code}", value, MOST_FACTOR) for code, value in book.area.items())
    yield from ((f"time.{name}", getattr(book.time, name), MOST_FACTOR) for name in ("night", "rest", "holiday"))
    yield "quality.ceiling", book.quality.ceiling, MOST_FACTOR
    yield "travel.per_km", book.travel.per_km, MOST_FACTOR
    yield from ((f"special.{name}", getattr(book.special, name), MOST_POINTS) for name in FLAT)
    yield from ((f"special.{name}", getattr(book.special, name), D(1)) for name in ("no_fault_found", "not_done"))
    for place, case in enumerate(book.deductions):
        yield f"deductions.{place}.points", case.points, MOST_POINTS
    yield "deduction_cap", book.deduction_cap, D(1)
    yield "repeat.clawback", book.repeat.clawback, D(1)
    yield "month.ceiling", book.month.ceiling, D(2)
    yield "rates.on_cost", book.rates.on_cost, MOST_FACTOR


def _hours(book: Rulebook) -> Iterator[Complaint]:
    for name in ("night_from", "night_until"):
        if not HOUR.fullmatch(getattr(book.time, name)):
            yield Complaint(f"time.{name}", "hour")


def _quality(rules: Quality) -> Iterator[Complaint]:
    """Later steps come later and never pay more; a better score never pays less."""
    for place, (one, after) in enumerate(pairwise(rules.steps), 1):
        if after.until_pct <= one.until_pct:
            yield Complaint(f"quality.steps.{place}.until_pct", "order")
        if after.factor > one.factor:
            yield Complaint(f"quality.steps.{place}.factor", "falling")
    for place, step in enumerate(rules.steps):
        if step.factor > MOST_FACTOR:
            yield Complaint(f"quality.steps.{place}.factor", "most", shown(MOST_FACTOR))
        if step.until_pct > MOST_PCT:
            yield Complaint(f"quality.steps.{place}.until_pct", "most", shown(MOST_PCT))
    if rules.steps and rules.later > rules.steps[-1].factor:
        yield Complaint("quality.later", "falling")
    for low, high in pairwise(SCORES):
        if rules.scores[high] < rules.scores[low]:
            yield Complaint(f"quality.scores.{high}", "rising")
    if rules.floor > rules.ceiling:
        yield Complaint("quality.ceiling", "least", shown(rules.floor))


def _shares(teams: Sequence[Sequence[int]]) -> Iterator[Complaint]:
    sizes: Counter[int] = Counter()
    for place, team in enumerate(teams):
        sizes[len(team)] += 1
        if sum(team) != 100:
            yield Complaint(f"shares.{place}", "hundred")
        elif sizes[len(team)] > 1:
            yield Complaint(f"shares.{place}", "twice")


def _month(month: Month) -> Iterator[Complaint]:
    if month.floor > month.ceiling:
        yield Complaint("month.ceiling", "least", shown(month.floor))
    if month.measures and sum(one.weight for one in month.measures) != 100:
        yield Complaint("month.measures", "hundred")
    for place, one in enumerate(month.measures):
        if one.high_pct <= one.low_pct or one.high_pct > 100:
            yield Complaint(f"month.measures.{place}.high_pct", "span")
