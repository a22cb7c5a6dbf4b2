"""Words of stock's reports and warnings: names, heads, what stands above and below the line."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.inventory.labels import KINDS, word
from apps.inventory.rules.watching import AGES

Labels = dict[str, "str | Promise"]

REPORTS: Labels = {
    "turnover": pgettext_lazy("stock report", "Turnover"),
    "losses": pgettext_lazy("stock report", "Losses"),
    "recovery": pgettext_lazy("stock report", "Recovered devices"),
    "ageing": pgettext_lazy("stock report", "Age of stock"),
    "accuracy": pgettext_lazy("stock report", "Books against shelves"),
    "by_item": pgettext_lazy("stock report", "Used, by item"),
    "by_technician": pgettext_lazy("stock report", "Used, by technician"),
    "by_month": pgettext_lazy("stock report", "Used, by month"),
}
COLUMNS: Labels = {
    "category": pgettext_lazy("stock report", "Category"),
    "used": pgettext_lazy("stock report", "Used (yuan)"),
    "average": pgettext_lazy("stock report", "Average stock (yuan)"),
    "a_year": pgettext_lazy("stock report", "Used, as of a year (yuan)"),
    "turns": pgettext_lazy("stock report", "Turns a year"),
    "kind": pgettext_lazy("stock report", "Kind"),
    "where": pgettext_lazy("stock report", "Place"),
    "reason": pgettext_lazy("stock report", "Reason"),
    "papers": pgettext_lazy("stock report", "Documents"),
    "value": pgettext_lazy("stock report", "Value (yuan)"),
    "old_value": pgettext_lazy("stock report", "Of that the oldest (yuan)"),
    "outcome": pgettext_lazy("stock report", "Outcome"),
    "tickets": pgettext_lazy("stock report", "Tickets"),
    "units": pgettext_lazy("stock report", "Devices"),
    "fee": pgettext_lazy("stock report", "To be paid (yuan)"),
    "item": pgettext_lazy("stock report", "Item"),
    "code": pgettext_lazy("stock report", "Code"),
    "unit": pgettext_lazy("stock report", "Unit"),
    "quantity": pgettext_lazy("stock report", "Quantity"),
    "counts": pgettext_lazy("stock report", "Counts"),
    "lines": pgettext_lazy("stock report", "Lines counted"),
    "right": pgettext_lazy("stock report", "Without a difference"),
    "rate": pgettext_lazy("stock report", "Right"),
    "last": pgettext_lazy("stock report", "Last posted"),
    "month": pgettext_lazy("stock report", "Month"),
}
OUTCOMES: Labels = {
    "good": pgettext_lazy("stock report", "Back, in order"),
    "repairable": pgettext_lazy("stock report", "Back, to be repaired"),
    "scrap": pgettext_lazy("stock report", "Back, scrap"),
    "kept": pgettext_lazy("stock report", "The customer kept it"),
    "lost": pgettext_lazy("stock report", "The customer lost it"),
}
# What each rate is called, and what stands above and below its line.
FIGURES: dict[str, tuple["str | Promise", "str | Promise", "str | Promise"]] = {
    "turnover": (REPORTS["turnover"], COLUMNS["a_year"], COLUMNS["average"]),
    "losses": (
        pgettext_lazy("stock report", "Loss rate"), pgettext_lazy("stock report", "Lost (yuan)"),
        pgettext_lazy("stock report", "Used and lost (yuan)"),
    ),
    "recovery": (
        pgettext_lazy("stock report", "Recovery rate"), pgettext_lazy("stock report", "Tickets with a device back"),
        pgettext_lazy("stock report", "Tickets that had to bring one"),
    ),
    "ageing": (
        pgettext_lazy("stock report", "Share of the oldest"), COLUMNS["old_value"], COLUMNS["value"],
    ),
    "accuracy": (pgettext_lazy("stock report", "Books are right"), COLUMNS["right"], COLUMNS["lines"]),
}  # fmt: skip
IN_MONEY = frozenset({"turnover", "losses", "ageing"})
WARNINGS: Labels = {
    "low": pgettext_lazy("stock warning", "Too little"),
    "idle": pgettext_lazy("stock warning", "Lies too long"),
    "van": pgettext_lazy("stock warning", "Too long in a van"),
}


def column(name: str) -> str:
    """The head of a column."""
    if name.startswith("age_"):
        return _age(int(name.removeprefix("age_")))
    return str(COLUMNS[name])


def _age(place: int) -> str:
    if place == len(AGES):
        return _("Over %(days)s days") % {"days": AGES[-1]}
    return _("%(first)s–%(last)s days") % {"first": AGES[place - 1] + 1 if place else 0, "last": AGES[place]}


def value(name: str, what: Any) -> Any:
    """A code as a word; anything else as it is."""
    if name == "kind":
        return word(KINDS, what)
    return str(OUTCOMES.get(what, what)) if name == "outcome" else what


def figure(code: str) -> str:
    return str(FIGURES[code][0])


def above(code: str) -> str:
    return str(FIGURES[code][1])


def below(code: str) -> str:
    return str(FIGURES[code][2])


def is_money(code: str) -> bool:
    """Are the two sides of this rate fen?"""
    return code in IN_MONEY


def together() -> str:
    return _("Together")


def period() -> str:
    return _("Period")
