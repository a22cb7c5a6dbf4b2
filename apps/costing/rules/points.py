"""What a ticket's work is worth, and to whom (domain.md §5.2). Pure.

    P = (B + Σ q·b) × K_difficulty × K_area × K_time;  earned P × F, F = clamp(F_time × F_sat);  travel beside it.

Rounded once, half up to two decimals, before it is shared; shares add up exactly. Every number that went into it is
told in the order of the formula (`Worked.factors`), so that a page explains the entry line by line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.costing.rules import shapes
from apps.costing.rules.rulebook import MAIN, Rulebook
from apps.costing.rules.sharing import rounded, split

ZERO, ONE = Decimal(0), Decimal(1)
ZONE = ZoneInfo("Asia/Shanghai")
DONE, NOT_DONE, NO_FAULT_FOUND = "done", "not_done", "no_fault_found"
REST, HOLIDAY = "rest", "holiday"
INCIDENT = "incident"
EARN, TRAVEL, BONUS = "earn", "travel", "bonus"
# A ticket of this kind pays nothing by the formula: the work is another's, or there was none.
NOTHING = ("parent", "merged", "void", INCIDENT, "handed_over")


@dataclass(frozen=True)
class Share:
    """One of the team and what of a hundred is theirs."""

    technician_id: int
    pct: int


@dataclass(frozen=True)
class Work:
    """The facts of a ticket that its points are made of, as they are kept with each entry.

    `absent`: somebody was there for nothing, the check-in proves it. `nothing`: one of NOTHING, or empty. `by_order`:
    dispatched, P0 or P1, or at an hour the customer asked for; only then do night and holiday count. `used_pct`: of
    the promised time, after exemptions; None: no clock. `score`: a verified one; None: unreached or not sampled.
    `difficulty`: empty until confirmed where the rules ask for it. `trip_km`: the round trip; `own_km` of `all_km`:
    this ticket's part among those of one trip. `repeat`: `same` when who repairs again also caused it.
    """

    type_code: str = ""
    base_points: Decimal = ZERO
    result: str = DONE
    remote: bool = False
    absent: bool = False
    nothing: str = ""
    area_class: str = ""
    priority: int = 2
    by_order: bool = False
    worked_at: datetime | None = None
    day: str = "work"
    used_pct: Decimal | None = None
    score: int | None = None
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    difficulty: str = ""
    waiting_bonus_pct: int = 0
    shares: tuple[Share, ...] = ()
    trip_km: Decimal = ZERO
    own_km: Decimal = ZERO
    all_km: Decimal = ZERO
    repeat: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Work":
        """From the inputs of an entry. Raises TypeError for a name it does not know."""
        return shapes.read(cls, body)

    def body(self) -> dict[str, Any]:
        """As JSON, for the inputs of an entry."""
        written: dict[str, Any] = shapes.plain(self)
        return written


@dataclass(frozen=True)
class Factor:
    """One number of the explanation: what it is, its value, and what it was found by (a code, a count, a per cent)."""

    code: str
    value: Decimal
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """An entry to be: points of one kind for one person."""

    technician_id: int
    kind: str
    points: Decimal


@dataclass(frozen=True)
class Worked:
    """`total` = Σ of the parts that are earned; travel and bonus stand beside it. `ticket_points` is not rounded."""

    ticket_points: Decimal
    quality: Decimal
    total: Decimal
    factors: tuple[Factor, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def everything(self) -> Decimal:
        """Earned, travel and bonus together."""
        return sum((one.points for one in self.parts), ZERO)


def worked(work: Work, book: Rulebook) -> Worked:
    """What the ticket pays. Nobody on it, or nothing to pay: no parts."""
    if work.repeat == "same":
        return _flat("repeat_same", ZERO)
    if work.nothing and not _there_for_nothing(work):
        return _flat("nothing", ZERO, work.nothing)
    if _there_for_nothing(work):
        verified = work.nothing == INCIDENT
        flat = _flat(
            "verification" if verified else "empty_trip",
            book.special.verification if verified else book.special.empty_trip,
        )
        return _shared(work, book, flat, bonus=False)
    if work.remote:
        return _shared(work, book, _flat("remote", book.special.remote), travels=False, bonus=False)
    return _shared(work, book, _by_formula(work, book))


def is_night(moment: datetime, book: Rulebook) -> bool:
    """Between the evening's and the morning's hour, branch time; the night may go over midnight."""
    hour = moment.astimezone(ZONE).time()
    begins, ends = time.fromisoformat(book.time.night_from), time.fromisoformat(book.time.night_until)
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


def _there_for_nothing(work: Work) -> bool:
    """A proved trip without work: to an absent customer, to an outage known already, or before a hand-over."""
    return work.absent and work.nothing in ("", INCIDENT, "handed_over")


def _flat(code: str, points: Decimal, detail: str = "") -> Worked:
    return Worked(points, ONE, rounded(points), (Factor(code, points, detail),))


def _by_formula(work: Work, book: Rulebook) -> Worked:
    base, *multipliers = (tuple(_bases(work, book)), *_multipliers(work, book))
    points = sum((one.value for one in base), ZERO)
    for one in multipliers:
        points *= one.value
    quality = _quality(work, book)
    total = rounded(points * quality[-1].value)
    return Worked(points, quality[-1].value, total, (*base, *multipliers, *quality))


def _bases(work: Work, book: Rulebook) -> Iterator[Factor]:
    """B and Σ q·b; of work that came to nothing only its share of the base, whatever was laid."""
    base = book.base.get(work.type_code, work.base_points)
    share = {NOT_DONE: book.special.not_done, NO_FAULT_FOUND: book.special.no_fault_found}.get(work.result)
    if share is not None:
        yield Factor(work.result, rounded(base * share), f"{base} × {share}")
        return
    yield Factor("base", base, work.type_code)
    for item in book.quantities:
        if (quantity := work.quantities.get(item.code, ZERO)) and (worth := item.worth(quantity)):
            yield Factor(f"quantity.{item.code}", worth, str(quantity))


def _multipliers(work: Work, book: Rulebook) -> Iterator[Factor]:
    found = book.difficulty(work.difficulty)
    yield Factor("difficulty", found.factor if found else ONE, work.difficulty)
    yield Factor("area", book.area.get(work.area_class, ONE), work.area_class)
    yield _time(work, book)


def _time(work: Work, book: Rulebook) -> Factor:
    """The best of what applies, and only where somebody had to go at that hour."""
    if not work.by_order or work.worked_at is None:
        return Factor("time", ONE, "day")
    possible = [(ONE, "day")]
    if is_night(work.worked_at, book):
        possible.append((book.time.night, "night"))
    if work.day == REST:
        possible.append((book.time.rest, REST))
    if work.day == HOLIDAY:
        possible.append((book.time.holiday, HOLIDAY))
    value, detail = max(possible, key=lambda one: one[0])
    return Factor("time", value, detail)


def _quality(work: Work, book: Rulebook) -> tuple[Factor, Factor, Factor]:
    rules = book.quality
    timely = ONE if work.used_pct is None else _timeliness(work.used_pct, book)
    liked = rules.scores.get(str(work.score), ONE)
    both = min(max(timely * liked, rules.floor), rules.ceiling)
    return (
        Factor("timeliness", timely, "" if work.used_pct is None else str(work.used_pct)),
        Factor("satisfaction", liked, "" if work.score is None else str(work.score)),
        Factor("quality", both),
    )


def _timeliness(used_pct: Decimal, book: Rulebook) -> Decimal:
    return next((step.factor for step in book.quality.steps if used_pct <= step.until_pct), book.quality.later)


def _shared(work: Work, book: Rulebook, found: Worked, *, travels: bool = True, bonus: bool = True) -> Worked:
    """With the road and the bonus of having waited, each shared out exactly."""
    road = _road(work, book) if travels else None
    gain = _gain(work, found) if bonus else None
    parts = [*_parts(work, EARN, found.total)]
    if road:
        parts += _parts(work, TRAVEL, road.value, only_main=book.travel.who == MAIN)
    if gain:
        parts += _parts(work, BONUS, gain.value)
    more = tuple(one for one in (road, gain) if one)
    return Worked(found.ticket_points, found.quality, found.total, (*found.factors, *more), tuple(parts))


def _road(work: Work, book: Rulebook) -> Factor | None:
    """Travel is paid once per trip; this ticket has its part of it by km."""
    paid_km = max(work.trip_km - book.travel.free_km, ZERO)
    part = work.own_km / work.all_km if work.all_km else ONE
    points = rounded(paid_km * book.travel.per_km * part)
    return Factor("travel", points, str(work.trip_km)) if points else None


def _gain(work: Work, found: Worked) -> Factor | None:
    points = rounded(found.total * work.waiting_bonus_pct / 100)
    return Factor("waiting_bonus", points, str(work.waiting_bonus_pct)) if points else None


def _parts(work: Work, kind: str, points: Decimal, *, only_main: bool = False) -> Iterator[Part]:
    """One for each who gets some of it."""
    people = work.shares[:1] if only_main else work.shares
    if not points or not any(one.pct for one in people):
        return
    for one, own in zip(people, split(points, [each.pct for each in people]), strict=True):
        if own:
            yield Part(one.technician_id, kind, own)
