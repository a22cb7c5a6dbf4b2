"""What stands in an address of these pages: the period, what it is narrowed to, and the way up and down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy

from apps.headquarters import given
from apps.headquarters.rules.asked import LONGEST, Asked
from steppe.kernel import clock

USUAL = 30  # days
DAY, MONTH = "day", "month"
# The way down to a ticket; the others narrow too and go on with it.
DOWN = ("branch", "grid", "type_code")
NARROWS = (*DOWN, "area_class", "department")
NAMES = {"grid": 20, "type_code": 30, "area_class": 1, "department": 20, "branch": 8}  # how long such a code may be
DIMENSIONS: Mapping[str, Promise] = {
    "branch": pgettext_lazy("report by", "Branch"),
    "grid": pgettext_lazy("report by", "Grid"),
    "type_code": pgettext_lazy("report by", "Ticket type"),
    "area_class": pgettext_lazy("report by", "Area class"),
    "department": pgettext_lazy("report by", "Department"),
    DAY: pgettext_lazy("report by", "Day"),
    MONTH: pgettext_lazy("report by", "Month"),
}
PERIODS: Mapping[str, Promise] = {
    "7": pgettext_lazy("period", "7 days"),
    "30": pgettext_lazy("period", "30 days"),
    "month": pgettext_lazy("period", "This month"),
    "last": pgettext_lazy("period", "Last month"),
    "year": pgettext_lazy("period", "This year"),
}


@dataclass(frozen=True)
class Told:
    """What is asked for and how it is shown. `fixed`: the branch whose own site this is; it stands in no address."""

    asked: Asked
    by: str = ""
    same_mix: bool = False
    fixed: str = ""

    @property
    def query(self) -> str:
        """The end of this address, to go on with the same."""
        return self._query(self.asked, self.by)

    @property
    def period(self) -> str:
        """Only the period: for a page that is narrowed to nothing."""
        return urlencode({"from": self.asked.first.isoformat(), "to": self.asked.last.isoformat()})

    @property
    def dimension(self) -> str:
        """By what the page is split: as asked, else the next step down; empty at the bottom, where the tickets are."""
        if self.by and not self._is_narrowed(self.by):
            return self.by
        return next((one for one in DOWN if not self._is_narrowed(one)), "")

    def narrowed(self, dimension: str, key: str) -> "Told":
        """One step further down. A grid of all branches' grids names its branch too."""
        if dimension == DAY:
            return self._over(date.fromisoformat(key), date.fromisoformat(key))
        if dimension == MONTH:
            return self._over(*_month(date.fromisoformat(f"{key}-01"), within=self.asked))
        branch, slash, code = key.rpartition("/")
        dims = {dimension: code} | ({"branch": branch} if slash else {})
        return replace(self, asked=_with(self.asked, dims), by="", same_mix=False)

    def without(self, dimension: str) -> str:
        """The address's end one narrowing wider; without its branch a grid means nothing."""
        gone = DOWN[DOWN.index(dimension) :] if dimension == "branch" else (dimension,)
        return self._query(_with(self.asked, dict.fromkeys(gone, "")), "")

    def split_by(self, dimension: str) -> str:
        """The same, split otherwise."""
        return self._query(self.asked, dimension)

    def mixed(self) -> str:
        """The same with or without the comparison at a common mix of areas."""
        return replace(self, same_mix=not self.same_mix).query

    def steps(self) -> Iterator[tuple[str, str]]:
        """How far down we are: dimension and key."""
        for one in NARROWS:
            if (key := getattr(self.asked, one)) and not (one == "branch" and self.fixed):
                yield one, key

    def open_dimensions(self) -> list[str]:
        """By what it can still be split."""
        return [one for one in DIMENSIONS if not self._is_narrowed(one)]

    def periods(self) -> list[tuple[Promise, str, bool]]:
        """The usual periods: word, address's end, whether it is this one."""
        found = []
        for code, word in PERIODS.items():
            first, last = _usual(code, _today())
            here = (first, last) == (self.asked.first, self.asked.last)
            found.append((word, self._over(first, last).query, here))
        return found

    def hidden(self) -> list[tuple[str, str]]:
        """What a form of the period carries along."""
        told = [(name, key) for name, key in self.steps()]
        return told + ([("by", self.by)] if self.by else []) + ([("mix", "1")] if self.same_mix else [])

    def _over(self, first: date, last: date) -> "Told":
        return replace(self, asked=replace(self.asked, first=first, last=last), by="" if first == last else self.by)

    def _is_narrowed(self, dimension: str) -> bool:
        return bool(getattr(self.asked, dimension, "")) or (dimension == "branch" and bool(self.fixed))

    def _query(self, asked: Asked, by: str) -> str:
        told = {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
        told |= {one: getattr(asked, one) for one in NARROWS if not (one == "branch" and self.fixed)}
        return urlencode({name: key for name, key in (told | {"by": by, "mix": self.same_mix and "1"}).items() if key})


def told(address: Mapping[str, str], *, fixed: str = "", branch: str = "") -> Told:
    """As the address says; nonsense is left out, a period that cannot be is the last thirty days. No query.

    `fixed`: the branch whose own site this is. `branch`: the one a page of headquarters is about.
    """
    first, last = _period(address)
    dims = {name: given.text(address, name, longest) for name, longest in NAMES.items()}
    dims["branch"] = fixed or branch or dims["branch"]
    by = given.text(address, "by", 12)
    return Told(
        Asked(first=first, last=last, **dims), by if by in DIMENSIONS else "", address.get("mix") == "1", fixed
    )  # fmt: skip


def _with(asked: Asked, dims: Mapping[str, str]) -> Asked:
    changed: dict[str, Any] = dict(dims)
    return replace(asked, **changed)


def _period(address: Mapping[str, str]) -> tuple[date, date]:
    today = _today()
    usual = today - timedelta(days=USUAL - 1), today
    first, last = given.day(address, "from", usual[0]), given.day(address, "to", usual[1])
    return (first, last) if timedelta() <= last - first <= LONGEST and first.year > 2000 else usual


def _today() -> date:
    return date.fromisoformat(clock.today())


def _usual(code: str, today: date) -> tuple[date, date]:
    if code.isdecimal():
        return today - timedelta(days=int(code) - 1), today
    if code == "last":
        before = today.replace(day=1) - timedelta(days=1)
        return before.replace(day=1), before
    return (today.replace(month=1, day=1) if code == "year" else today.replace(day=1)), today


def _month(first: date, *, within: Asked) -> tuple[date, date]:
    """A month, as far as it lies in the period."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return max(first, within.first), min(following - timedelta(days=1), within.last)
