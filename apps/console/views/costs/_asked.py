"""What stands in an address of these pages: the month, what it is narrowed to, and the way back up."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.http import urlencode

from apps.console.said import said
from apps.costing import money_words as words
from apps.costing import profit_read as profit
from apps.costing.profit_read import CHECKS, DIMENSIONS, Where
from apps.costing.rules.periods import following, is_period, preceding
from steppe.kernel import clock
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Crumb:
    """One narrowing: what it is called, and the address's end without it."""

    dimension: str
    word: str
    name: str
    without: str


@dataclass(frozen=True)
class Asked:
    """Nonsense in an address is left out; `query` is its end, to go on with the same."""

    month: str
    dims: dict[str, str] = field(default_factory=dict)
    check: str = ""

    @property
    def where(self) -> Where:
        return Where(self.month, self.dims, self.check)

    @property
    def query(self) -> str:
        return self.with_only(self.dims)

    def with_only(self, dims: dict[str, str], month: str = "") -> str:
        """The address's end with these dimensions."""
        told = {"month": month or self.month, **dims, "check": self.check}
        return urlencode({name: value for name, value in told.items() if value})

    def narrowed(self, dimension: str, key: str) -> str:
        """The address's end one step further down."""
        return self.with_only(self.dims | {dimension: key})

    @property
    def before(self) -> str:
        return self.with_only(self.dims, preceding(self.month))

    @property
    def after(self) -> str:
        return self.with_only(self.dims, following(self.month))

    def crumbs(self) -> list[Crumb]:
        """How far down we are. A query for each step that has a name of its own."""
        return [
            Crumb(one, words.word(words.DIMENSIONS, one), _name(one, key),
                  self.with_only({name: value for name, value in self.dims.items() if name != one}))
            for one, key in self.dims.items()
        ]  # fmt: skip

    def open_dimensions(self) -> list[tuple[str, str]]:
        """By what it can still be split."""
        return [(one, words.word(words.DIMENSIONS, one)) for one in DIMENSIONS if one not in self.dims]


def asked(request: HttpRequest, actor: Actor) -> Asked:
    """As the address says; without a month the newest one with a line, at last this one. One query without a month."""
    month, check = said(request.GET, "month", 7), said(request.GET, "check", 10)
    if not is_period(month):
        month = profit.latest_month(actor) or clock.today()[:7]
    dims = {one: key for one in DIMENSIONS if (key := said(request.GET, one, 40))}
    return Asked(month, dims, check if check in CHECKS else "")


def _name(dimension: str, key: str) -> str:
    if key == profit.NOTHING:
        return "—"
    return profit.name_of(dimension, key)
