"""公平: who took what, as a table that sorts by its heads and reads as cards on a phone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import desk_actor
from apps.tickets.fairness_read import Line, Wanted, fairness_for, lately

LONGEST = 366  # days

COLUMNS: dict[str, tuple[str | Promise, str | Promise]] = {
    "grabbed": (pgettext_lazy("fairness", "Grabbed"), _("Taken from the pool")),
    "near": (pgettext_lazy("fairness", "Near"), _("Of these in areas A and B")),
    "far": (pgettext_lazy("fairness", "Far"), _("Of these in areas C and D")),
    "easy": (pgettext_lazy("fairness", "Easy"), _("Of these with at most the average points")),
    "hard": (pgettext_lazy("fairness", "Hard"), _("Of these with more than the average points")),
    "choice_pct": (pgettext_lazy("fairness", "Near and easy"), _("Of a hundred grabs")),
    "forced": (pgettext_lazy("fairness", "Sent"), _("Dispatched or reassigned to them")),
    "returned": (pgettext_lazy("fairness", "Given back"), _("Taken and returned to the pool")),
    "silent": (pgettext_lazy("fairness", "No call"), _("Of these because nobody called the customer")),
    "declined": (pgettext_lazy("fairness", "Declined"), _("Dispatched, and not taken on")),
    "held": (pgettext_lazy("fairness", "On hold"), _("Put on hold because they asked for it")),
    "lost": (pgettext_lazy("fairness", "In vain"), _("Tried to grab and did not get it")),
    "bonus_pct": (pgettext_lazy("fairness", "Waiting bonus"), _("Of an average grab, in per cent")),
}


@dataclass(frozen=True)
class Head:
    """A column's head: a link that sorts by it, the other way round the second time."""

    name: str
    word: str | Promise
    hint: str | Promise
    link: str
    sorted: str


@dataclass(frozen=True)
class Cell:
    """A number under its head; `far_off`: much more than all together have."""

    word: str | Promise
    value: int | None
    percent: bool
    far_off: bool


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The period, the unit, the table. Nine queries with session and person, however many technicians there are."""
    actor, wanted = desk_actor(request), _wanted(request)
    found = fairness_for(actor, wanted)
    key, down = _order(request)
    rows = sorted(found.lines, key=_by(key), reverse=down)
    context = {
        "wanted": wanted, "units": found.units, "average": found.average, "heads": _heads(wanted, key, down),
        "rows": [(line, _cells(line.tally, found.total)) for line in rows],
        "total": _cells(found.total, found.total),
        "name_link": _link(wanted, "name" if key != "name" or down else "-name"), "by_name": key == "name",
        "sort": request.GET.get("sort", ""), "columns": list(COLUMNS.values()),
    }  # fmt: skip
    return render(request, "console/fairness.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    """What the address asks for; nonsense is the last thirty days, a period ends before it gets too long."""
    usual, told = lately(), request.GET
    first, last = _date(told.get("from", ""), usual.first), _date(told.get("to", ""), usual.last)
    if not 0 <= (last - first).days < LONGEST:
        first, last = usual.first, usual.last
    return replace(usual, first=first, last=last, unit=told.get("unit", ""))


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _order(request: HttpRequest) -> tuple[str, bool]:
    """By which column, and the largest first?"""
    asked = request.GET.get("sort", "-choice_pct")
    name = asked.removeprefix("-")
    return (name, asked.startswith("-")) if name in COLUMNS or name == "name" else ("choice_pct", True)


def _by(key: str) -> Callable[[Line], Any]:
    if key == "name":
        return lambda line: (line.unit, line.name)
    return lambda line: -1 if getattr(line.tally, key) is None else getattr(line.tally, key)


def _heads(wanted: Wanted, key: str, down: bool) -> list[Head]:
    return [
        Head(
            name, word, hint, _link(wanted, name if key == name and down else f"-{name}"),
            ("descending" if down else "ascending") if key == name else "",
        )
        for name, (word, hint) in COLUMNS.items()
    ]  # fmt: skip


def _link(wanted: Wanted, sort: str) -> str:
    return "?" + urlencode({"from": wanted.first, "to": wanted.last, "unit": wanted.unit, "sort": sort})


def _cells(tally: Any, total: Any) -> list[Cell]:
    return [
        Cell(word, getattr(tally, name), name.endswith("_pct"), _far_off(name, tally, total))
        for name, (word, _hint) in COLUMNS.items()
    ]


def _far_off(name: str, tally: Any, total: Any) -> bool:
    """Half as much again as the average, of at least four grabs: chance alone brings as much below."""
    if name != "choice_pct" or tally is total or tally.grabbed < 4 or not total.choice_pct:
        return False
    return bool(tally.choice_pct >= total.choice_pct * 1.5)
