"""Points in words: what an entry is for, and each number it was worked out from, in the reader's language.

An entry keeps its facts and its factors (`inputs`, written by services/_facts.py); here they become lines.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from apps.costing.models import WorkPointEntry
from apps.costing.rules.points import Work
from apps.costing.rules.rulebook import Rulebook

Labels = Mapping[str, "str | Promise"]
KINDS: Labels = {
    "earn": pgettext_lazy("points", "Work"),
    "travel": pgettext_lazy("points", "Way"),
    "bonus": pgettext_lazy("points", "Bonus"),
    "deduction": pgettext_lazy("points", "Deduction"),
    "clawback": pgettext_lazy("points", "Taken back after a repeat"),
    "adjustment": pgettext_lazy("points", "Adjustment"),
    "dispute_correction": pgettext_lazy("points", "Corrected after a dispute"),
}
CODES: Labels = {
    "work": pgettext_lazy("points", "Work on the ticket"),
    "road": pgettext_lazy("points", "Way there and back"),
    "waiting": pgettext_lazy("points", "Bonus for taking what had waited"),
    "visit": pgettext_lazy("points", "Trip for nothing"),
    "visit_road": pgettext_lazy("points", "Way of the trip for nothing"),
    "merit": pgettext_lazy("points", "Bonus"),
    "workmanship": pgettext_lazy("points", "Workmanship, repaired again"),
    "taken_back": pgettext_lazy("points", "Taken back"),
}
STAGES: Labels = {
    "provisional": pgettext_lazy("points", "Waits for the callback"),
    "earned": pgettext_lazy("points", "Earned"),
}
TIMES: Labels = {
    "day": pgettext_lazy("time of work", "by day"),
    "night": pgettext_lazy("time of work", "at night"),
    "rest": pgettext_lazy("time of work", "day of rest"),
    "holiday": pgettext_lazy("time of work", "holiday"),
}
WHYS: Labels = {
    "parent": pgettext_lazy("no points", "The work is in the child tickets"),
    "merged": pgettext_lazy("no points", "Reported twice"),
    "void": pgettext_lazy("no points", "There was no work"),
    "incident": pgettext_lazy("no points", "Part of a network incident"),
    "handed_over": pgettext_lazy("no points", "Another branch does the work"),
}
CLAIMED: Labels = {
    "difficulty": pgettext_lazy("points", "Difficulty"),
    "km": pgettext_lazy("points", "Round trip, company car"),
    "own_km": pgettext_lazy("points", "Round trip, own car"),
}


@dataclass(frozen=True)
class Line:
    """One number of the formula: how it enters (`sign`: empty, +, ×, =), what it is, and its value as written."""

    sign: str
    what: str
    value: str
    detail: str = ""


def word(labels: Labels, code: str) -> str:
    return str(labels.get(code, code))


def claimed(code: str) -> str:
    """What a claim is about."""
    return word(CLAIMED, code)


def what_for(entry: WorkPointEntry, book: Rulebook) -> str:
    """What the entry is for, in a few words. No query."""
    if entry.kind == "deduction":
        found = book.deduction(entry.code)
        return named(found) if found else word(KINDS, entry.kind)
    if entry.kind == "adjustment" and entry.code in CODES and entry.code != "taken_back":
        return f"{word(KINDS, entry.kind)}: {word(CODES, entry.code)}"
    return word(CODES, entry.code) if entry.code in CODES else word(KINDS, entry.kind)


def signed(points: Decimal) -> str:
    """+5.50, −1.00, 0.00."""
    return f"{points:+.2f}".replace("-", "−") if points else "0.00"


def lines_of(entry: WorkPointEntry, book: Rulebook) -> list[Line]:
    """How the entry came about, line by line; what stands by itself has none. No query."""
    if "work" not in entry.inputs:
        return []
    work = Work.read(entry.inputs["work"])
    factors = {code: (Decimal(value), detail) for code, value, detail in entry.inputs["factors"]}
    makers: dict[str, Callable[..., Iterator[Line]]] = {
        "road": _road_lines, "visit_road": _road_lines, "waiting": _waiting_lines
    }  # fmt: skip
    lines = list(makers.get(entry.code, _work_lines)(work, factors, entry.inputs, book))
    return [*lines, *_share_lines(entry, work)]


Factors = Mapping[str, tuple[Decimal, str]]


def _work_lines(work: Work, factors: Factors, inputs: Mapping[str, Any], book: Rulebook) -> Iterator[Line]:
    for code, (value, detail) in factors.items():
        if code.startswith("quantity."):
            yield _quantity(code.removeprefix("quantity."), value, detail, book)
        elif code in _LINES:
            line = _LINES[code](value, detail, work, book)
            if line is not None:
                yield line
    if len(factors) > 1:
        yield Line("=", pgettext("points", "Ticket together"), plain(Decimal(inputs["total"])))


def _quantity(code: str, value: Decimal, detail: str, book: Rulebook) -> Line:
    item = next((one for one in book.quantities if one.code == code), None)
    return Line("+", named(item) if item else code, plain(value), plain(Decimal(detail)))


def _base(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line:
    return Line("", pgettext("points", "Base of this type"), plain(value))


def _part_of_base(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line:
    what = {
        "not_done": pgettext("points", "Could not be done: part of the base"),
        "no_fault_found": pgettext("points", "No fault found: part of the base"),
    }[work.result]
    return Line("", what, plain(value), detail)


def _difficulty(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line | None:
    found = book.difficulty(detail)
    return Line("×", pgettext("points", "Difficulty"), plain(value), named(found)) if found else None


def _area(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line:
    return Line("×", pgettext("points", "Area"), plain(value), detail)


def _time(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line | None:
    return Line("×", pgettext("points", "Time of work"), plain(value), word(TIMES, detail)) if value != 1 else None


def _timely(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line:
    told = _("%(pct)s %% of the promised time") % {"pct": plain(Decimal(detail), 0)} if detail else _("no clock ran")
    return Line("×", pgettext("points", "In time"), plain(value), told)


def _liked(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line:
    told = pgettext("points", "%(score)s of 5") % {"score": detail} if detail else _("nobody was asked")
    return Line("×", pgettext("points", "Customer's rating"), plain(value), told)


def _limited(value: Decimal, detail: str, work: Work, book: Rulebook) -> Line | None:
    """Only where the limit changed something."""
    if value not in (book.quality.floor, book.quality.ceiling):
        return None
    told = _("between %(least)s and %(most)s") % {
        "least": plain(book.quality.floor), "most": plain(book.quality.ceiling)
    }  # fmt: skip
    return Line("→", pgettext("points", "Both together, limited"), plain(value), told)


def _flat(what: "str | Promise") -> Callable[..., Line]:
    return lambda value, detail, work, book: Line("", str(what), plain(value), word(WHYS, detail) if detail else "")


_LINES: dict[str, Callable[..., Line | None]] = {
    "base": _base, "not_done": _part_of_base, "no_fault_found": _part_of_base, "difficulty": _difficulty,
    "area": _area, "time": _time, "timeliness": _timely, "satisfaction": _liked, "quality": _limited,
    "remote": _flat(pgettext_lazy("points", "Solved from afar")),
    "empty_trip": _flat(pgettext_lazy("points", "Trip for nothing")),
    "verification": _flat(pgettext_lazy("points", "Looked after an incident")),
    "repeat_same": _flat(pgettext_lazy("points", "Own work mended again")),
    "nothing": _flat(pgettext_lazy("points", "Pays nothing")),
}  # fmt: skip


def _road_lines(work: Work, factors: Factors, inputs: Mapping[str, Any], book: Rulebook) -> Iterator[Line]:
    yield Line("", pgettext("points", "Round trip by road"), f"{plain(work.trip_km, 1)} km")
    yield Line("−", pgettext("points", "Not paid"), f"{plain(book.travel.free_km)} km")
    yield Line("×", pgettext("points", "Points for a kilometre"), plain(book.travel.per_km))
    if work.own_km != work.all_km:
        part = f"{plain(work.own_km, 1)} / {plain(work.all_km, 1)} km"
        yield Line("×", pgettext("points", "This ticket's part of the trip"), part)
    if "travel" in factors:
        yield Line("=", pgettext("points", "Way of the ticket"), plain(factors["travel"][0]))


def _waiting_lines(work: Work, factors: Factors, inputs: Mapping[str, Any], book: Rulebook) -> Iterator[Line]:
    yield Line("", pgettext("points", "Work on the ticket"), plain(Decimal(inputs["total"])))
    yield Line("×", pgettext("points", "Had waited in the pool"), f"{work.waiting_bonus_pct} %")


def _share_lines(entry: WorkPointEntry, work: Work) -> Iterator[Line]:
    """The own part of a team's, then what this entry booked of it."""
    mine = next((one.pct for one in work.shares if one.technician_id == entry.technician_id), None)
    if len(work.shares) > 1 and mine is not None:
        yield Line("×", pgettext("points", "Own share"), f"{mine} %")
    what = {"adjustment": pgettext("points", "Difference to before"), "earn": pgettext("points", "Booked")}
    yield Line("=", what.get(entry.kind, pgettext("points", "Booked")), signed(entry.points))


def plain(value: Decimal, places: int = 2) -> str:
    """Without noughts at the end: 1.2, 6.5, 12."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def named(item: Any) -> str:
    """A quantity, difficulty or deduction of the rules in the reader's language."""
    english = (get_language() or "").startswith("en")
    return str(item.en if english and item.en else item.zh)
