"""An example ticket beside the editor: what it would pay by the draft, step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.console.rules_draft import Draft
from apps.costing.rule_labels import AREAS, TIMES
from apps.costing.rule_words import formula, named
from apps.costing.rules.checking import problems
from apps.costing.rules.points import HOLIDAY, REST, ZONE, Share, Work, worked
from apps.costing.rules.rulebook import Rulebook
from apps.costing.rules.sharing import usual

DAYS = {"rest": REST, "holiday": HOLIDAY}
NUMBERS = {"used": Decimal(80), "km": Decimal(172), "quantity": Decimal(0)}
MOST = Decimal(100_000)
Types = Mapping[str, tuple[str, Decimal]]  # name and base points by code


@dataclass(frozen=True)
class Ask:
    """One input of the example."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Example:
    """The inputs, and the formula's lines; none while the draft has faults."""

    asks: list[Ask]
    lines: list[str]
    faults: int


def example(draft: Draft, told: Mapping[str, str], types: Types) -> Example:
    """No query."""
    wrong = problems(draft.body)
    book = Rulebook() if wrong else Rulebook.read(draft.body)
    given = _given(told, types)
    asks = _asks(given, types, book)
    if wrong:
        return Example(asks, [], len(wrong))
    work = _work(given, types, book)
    return Example(asks, formula(work, worked(work, book), book), 0)


def _given(told: Mapping[str, str], types: Types) -> dict[str, str]:
    """What was chosen, or what is usual: the herder's household of domain.md."""
    usual_ones = {
        "type": "fault_bb" if "fault_bb" in types else next(iter(types), ""), "area": "D", "difficulty": "normal",
        "time": "day", "used": "80", "score": "4", "people": "1", "item": "", "quantity": "0", "km": "172",
    }  # fmt: skip
    return {name: told.get(f"example.{name}", "").strip()[:30] or value for name, value in usual_ones.items()}


def _asks(given: Mapping[str, str], types: Types, book: Rulebook) -> list[Ask]:
    choices: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
        "type": (_("Type"), [(code, name) for code, (name, _base) in types.items()]),
        "area": (_("Area"), [(code, str(word)) for code, word in AREAS.items()]),
        "difficulty": (_("Difficulty"), [(one.code, named(one)) for one in book.difficulties]),
        "time": (_("Time of the work"), [(code, str(word)) for code, word in TIMES.items()]),
        "score": (_("Satisfaction"), [(str(n), "★" * n) for n in range(5, 0, -1)]),
        "people": (_("People"), [(str(n), str(n)) for n in range(1, 5)]),
        "item": (_("Quantity item"), [("", "—"), *((one.code, named(one)) for one in book.quantities)]),
        "quantity": (_("How much"), ()),
        "used": (_("Time used, % of the target"), ()),
        "km": (_("Round trip, km"), ()),
    }
    return [Ask(f"example.{name}", label, given[name], those) for name, (label, those) in choices.items()]


def _work(given: Mapping[str, str], types: Types, book: Rulebook) -> Work:
    people = int(given["people"]) if given["people"] in ("1", "2", "3", "4") else 1
    moment = datetime(2026, 1, 7, 23 if given["time"] == "night" else 12, tzinfo=ZONE)
    return Work(
        type_code=given["type"], base_points=types.get(given["type"], ("", Decimal(0)))[1], area_class=given["area"],
        difficulty=given["difficulty"], by_order=True, worked_at=moment, day=DAYS.get(given["time"], "work"),
        used_pct=_number(given, "used"), score=int(given["score"]) if given["score"] in "12345" else None,
        quantities={given["item"]: _number(given, "quantity")} if given["item"] else {},
        shares=tuple(Share(n, pct) for n, pct in enumerate(usual(people, book.shares), 1)),
        trip_km=_number(given, "km"),
    )  # fmt: skip


def _number(given: Mapping[str, str], name: str) -> Decimal:
    text = given[name]
    plain = text.isascii() and text.replace(".", "", 1).isdecimal() and len(text) < 9
    return min(Decimal(text), MOST) if plain else NUMBERS[name]
