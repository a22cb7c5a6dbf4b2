"""A KPI's figure as people read it: value with its unit, both sides, and how it moved. No query."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import pgettext

from apps.headquarters.kpi_words import WORDS
from apps.headquarters.rules.kpis import KPIS, Figure, Kpi
from apps.headquarters.rules.levels import level
from apps.headquarters.rules.months import PARTS

NOTHING = "—"
_PLACES = {"percent": 1, "minutes": 1, "hours": 1, "score": 2, "count": 0}
# The shape of a level; colour and word say the same. Red and its triangle are for what is overdue, nothing else.
LOOKS = {"good": "s-closed", "near": "half", "bad": "worse", "late": "overdue", "plain": "s-accepted", "none": "s-void"}
LATE = frozenset({"open_overdue", "overdue_rate"})


@dataclass(frozen=True)
class Change:
    """Against another period: by how much, which way, and whether that is better."""

    text: str
    way: str  # up, down, same
    mood: str  # good, bad, plain

    @property
    def icon(self) -> str:
        return {"up": "up", "down": "down"}.get(self.way, "")

    @property
    def word(self) -> str:
        words = {"good": pgettext("change", "better"), "bad": pgettext("change", "worse")}
        return words.get(self.mood, "")


@dataclass(frozen=True)
class Tile:
    """One KPI of one thing: now, before, a year ago."""

    kpi: Kpi
    figure: Figure
    before: Change | None = None
    last_year: Change | None = None

    @property
    def code(self) -> str:
        return self.kpi.code

    @property
    def title(self) -> str:
        return str(WORDS[self.kpi.code].title)

    @property
    def definition(self) -> str:
        return str(WORDS[self.kpi.code].definition)

    @property
    def value(self) -> str:
        return shown(self.kpi, self.figure.value)

    @property
    def sides(self) -> str:
        return sides(self.kpi, self.figure)


def shown(kpi: Kpi, value: Decimal | None) -> str:
    """`87.5 %`, `1,204`, `36.2 min`; a dash where there was nothing to measure."""
    if value is None:
        return NOTHING
    unit = {
        "percent": pgettext("kpi value", "%(n)s %%"), "minutes": pgettext("kpi value", "%(n)s min"),
        "hours": pgettext("kpi value", "%(n)s h"), "yuan": pgettext("kpi value", "%(n)s yuan"),
        "km": pgettext("kpi value", "%(n)s km"),
    }.get(kpi.unit, "%(n)s")  # fmt: skip
    return unit % {"n": number(kpi, value)}


def number(kpi: Kpi, value: Decimal) -> str:
    """The bare number, with as many places as its unit wants; a count that was divided has two."""
    places = 2 if kpi.unit == "count" and kpi.denominator is not None else _PLACES.get(kpi.unit, 2)
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def sides(kpi: Kpi, figure: Figure) -> str:
    """Numerator and denominator: `70 / 80`; a number by itself has none. Seconds read as hours."""
    if figure.denominator is None:
        return ""
    return f"{above(kpi, figure)} / {below(kpi, figure)}"


def above(kpi: Kpi, figure: Figure) -> str:
    """What stands above the line, as people read it."""
    return _side(kpi.numerator, figure.numerator)


def below(kpi: Kpi, figure: Figure) -> str:
    """What stands below the line; empty for a number by itself."""
    return "" if figure.denominator is None else _side(kpi.denominator or (), figure.denominator)


def _side(measures: Sequence[str], amount: int) -> str:
    """As people read it: seconds as hours, fen as yuan, tenths and hundredths as what they are parts of."""
    name = measures[0] if measures else ""
    if name.endswith("_seconds"):
        return pgettext("kpi value", "%(n)s h") % {"n": f"{Decimal(amount) / 3600:,.1f}"}
    if name in PARTS:
        return f"{Decimal(amount) / PARTS[name]:,.2f}"
    return f"{amount:,}"


def change(kpi: Kpi, now: Decimal | None, then: Decimal | None) -> Change | None:
    """By how much it moved: percentage points of a rate, per cent of anything else. None: nothing to compare with."""
    if now is None or then is None:
        return None
    text, moved = _moved(kpi, now, then)
    way = "same" if not moved else "up" if now > then else "down"
    mood = "plain" if way == "same" or not kpi.direction else "good" if way == kpi.direction else "bad"
    return Change(text, way, mood)


def _moved(kpi: Kpi, now: Decimal, then: Decimal) -> tuple[str, bool]:
    """By how much, in words, and whether that is anything once it is rounded."""
    by = abs(now - then)
    if kpi.unit == "percent":
        points = by.quantize(Decimal("0.1"), ROUND_HALF_UP)
        return pgettext("change", "%(n)s points") % {"n": f"{points:,}"}, bool(points)
    if then:
        part = (by * 100 / abs(then)).quantize(Decimal(1), ROUND_HALF_UP)
        return f"{part:,} %", bool(part)
    return number(kpi, by), bool(by)


def level_of(code: str, value: Decimal | None, whole: Decimal | None) -> str:
    """How a figure stands beside that of all together; `late` is worse, about what is overdue."""
    found = level(KPIS[code].direction, value, whole)
    return "late" if found == "bad" and code in LATE else found


def level_word(code: str) -> str:
    """What a level means."""
    return {
        "good": pgettext("level", "as good as all together, or better"),
        "near": pgettext("level", "a little worse than all together"),
        "bad": pgettext("level", "worse than all together"),
        "late": pgettext("level", "worse than all together"),
        "plain": pgettext("level", "a number that is neither good nor bad"),
        "none": pgettext("level", "nothing to measure"),
    }[code]
