"""What the pages of settlement show beside the rows themselves: the road, the words of lists, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.costing import settlement_labels as labels
from apps.costing.permissions import SETTLERS
from apps.costing.rules.periods import REVIEWERS, STATES
from apps.costing.settlement_read import Asked, MonthRow, MonthView
from apps.costing.settlement_steps_read import May
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.money import yuan

# The states people count by; a payroll that was handed out is locked as before.
ROAD = tuple(state for state in STATES if state != "exported")
SORT_WORDS: Mapping[str, "str | Promise"] = {
    "grid": pgettext_lazy("settlement order", "By grid"),
    "name": pgettext_lazy("settlement order", "By name"),
    "pay": pgettext_lazy("settlement order", "Most to be paid first"),
    "points": pgettext_lazy("settlement order", "Most points first"),
    "coefficient": pgettext_lazy("settlement order", "Highest coefficient first"),
    "state": pgettext_lazy("settlement order", "By state"),
}


@dataclass(frozen=True)
class MonthShown:
    """A month of the list; `last` is its last day."""

    period: Any
    lines: Mapping[str, int]
    first: date
    last: date
    next: str

    @property
    def count(self) -> int:
        return sum(self.lines.values())


def shown(row: MonthRow) -> MonthShown:
    """One row of the list of months."""
    starts, ends = (
        moment.astimezone(clock.BUSINESS_ZONE)
        for moment in (row.period.starts_at, row.period.ends_at - timedelta(seconds=1))
    )
    return MonthShown(row.period, row.lines, starts.date(), ends.date(), _next(row))


def _next(row: MonthRow) -> str:
    """The next step of a month in a few words, whoever takes it."""
    state = row.period.state
    if state == "open" and clock.now() < row.period.ends_at:
        return _("the month still runs")
    if state == "open" and (row.period.pool_fen if row.period.mode == "pool" else row.period.unit_price) is None:
        return _("say what a point is worth")
    return {
        "open": _("calculate it"), "calculated": _("publish it"),
        "published": _("technicians confirm, then three people look"), "reviewed": _("the administrator approves"),
        "approved": _("the administrator locks it"), "locked": _("hand it to payroll"), "exported": "",
    }.get(state, "")  # fmt: skip


def road_of(view: MonthView) -> list[dict[str, Any]]:
    """The states of a month in their order: behind it, where it stands, ahead."""
    here = ROAD.index("locked" if view.period.state == "exported" else view.period.state)
    return [{"state": state, "behind": place < here, "here": place == here} for place, state in enumerate(ROAD)]


def lists_of(asked: Asked) -> dict[str, Any]:
    """The choices of the list of lines, and what the address of its next page begins with."""
    told = QueryDict(mutable=True)
    told.update({name: value for name in ("q", "state", "sort") if (value := getattr(asked, name))})
    return {
        "line_states": [(code, str(word)) for code, word in labels.LINES.items()],
        "sort_words": [(code, str(word)) for code, word in SORT_WORDS.items()],
        "query": f"{told.urlencode()}&" if told else "",
    }  # fmt: skip


def terms_of(view: MonthView, given: Mapping[str, str]) -> dict[str, Any]:
    """What the form of the price shows: what was typed, else what stands."""
    period = view.period
    price = yuan(int(period.unit_price)) if period.unit_price is not None else ""
    if period.unit_price is not None and period.unit_price != int(period.unit_price):
        price = f"{(period.unit_price / 100).normalize():f}"
    pool = yuan(period.pool_fen) if period.pool_fen is not None else ""
    return {
        "mode": given.get("mode", period.mode), "price": given.get("unit_price", price),
        "pool": given.get("pool", pool),
    }  # fmt: skip


def levels_of(view: MonthView) -> list[tuple[str, int]]:
    """How many lines have been looked at on each level."""
    return [(level, view.seen.get(level, 0)) for level in REVIEWERS] if view.period.state != "open" else []


def hint_for(actor: Actor, view: MonthView, may: May) -> str:
    """Why there is no button, or what to do before there is one."""
    state = view.period.state
    if state == "open" and "terms" in may.steps and not _has_price(view):
        return _("First say below what a point is worth.")
    if may.steps or may.look:
        return ""
    if state == "published" and view.open_disputes:
        return _("The disputes come first; then the lines are looked at.")
    if state == "published":
        return _("Nothing waits for you. Lines come here when they are confirmed and the level before has looked.")
    if may.own and state in ("reviewed", "approved"):
        return _("Your own line is in this. Somebody else decides it.")
    return _("Nothing waits for you here.") if not actor.holds(*SETTLERS) else ""


def _has_price(view: MonthView) -> bool:
    return (view.period.pool_fen if view.period.mode == "pool" else view.period.unit_price) is not None
