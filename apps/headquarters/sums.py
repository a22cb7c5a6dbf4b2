"""Sums of figures by a dimension, one reader for each place they are kept. Called in `public`.

A reader answers key → figure → number. Keys: a branch's code, a type's code, a grid's or department's code (behind its
branch's code and a stroke where several branches are read), an area class, a day or month in ISO form; "" for all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.headquarters.models import BranchMonth, DailyFact, FactStand, TicketFact
from apps.headquarters.reach import Reach
from apps.headquarters.rules.asked import months_of
from apps.headquarters.rules.measures import source_of

Sums = dict[str, dict[str, int]]
Reader = Callable[[Reach, str, Sequence[str]], Sums]
_OF_BRANCHES = ("grid", "department")


def gather(reach: Reach, dimension: str, measures: Iterable[str]) -> Sums:
    """All of these figures by the dimension. One query for each place they are kept."""
    found: Sums = {}
    by_source: dict[str, list[str]] = {}
    for measure in dict.fromkeys(measures):
        by_source.setdefault(source_of(measure), []).append(measure)
    for source, wanted in by_source.items():
        for key, sums in READERS[source](reach, dimension, wanted).items():
            found.setdefault(key, {}).update(sums)
    return found


def daily(reach: Reach, dimension: str, measures: Sequence[str]) -> Sums:
    """Of the days asked for. One query."""
    rows: QuerySet[Any] = DailyFact.objects.filter(
        reach.within(), day__gte=reach.asked.first, day__lte=reach.asked.last
    ).order_by()
    if dimension == "month":
        rows = rows.annotate(month=TruncMonth("day"))
    return grouped(reach, dimension, rows, {name: Sum(name) for name in measures})


def now(reach: Reach, dimension: str, measures: Sequence[str]) -> Sums:
    """As it stands now; nothing by day or month. One query for tickets, one for customers."""
    if dimension in {"day", "month"}:
        return {}
    found: Sums = {}
    if {"open_tickets", "open_overdue"} & set(measures):
        found = _open(reach, dimension)
    if "customers" in measures:
        for key, number in _customers(reach, dimension).items():
            found.setdefault(key, {})["customers"] = number
    return found


def _open(reach: Reach, dimension: str) -> Sums:
    rows = TicketFact.objects.filter(reach.within(), is_open=True).order_by()
    totals = {"open_tickets": Count("id"), "open_overdue": Count("id", filter=Q(overdue=True))}
    return grouped(reach, dimension, rows, totals)


def _customers(reach: Reach, dimension: str) -> dict[str, int]:
    """Known for whole branches only, so that a part of one has none."""
    asked = reach.asked
    part = reach.units is not None or asked.grid or asked.department or asked.area_class
    if part or dimension not in {"", "branch"}:
        return {}
    codes = {one.pk: one.code for one in reach.branches}
    found: dict[str, int] = {}
    for branch, number in FactStand.objects.filter(branch__in=list(codes)).values_list("branch_id", "customers"):
        key = codes[branch] if dimension else ""
        found[key] = found.get(key, 0) + number
    return found


def month(reach: Reach, dimension: str, measures: Sequence[str]) -> Sums:
    """Of the branches' months the period touches, each as a whole: whole branches only. One query."""
    asked = reach.asked
    part = reach.units is not None or asked.grid or asked.department or asked.area_class or asked.type_code
    if part or dimension not in {"", "branch", "month"}:
        return {}
    rows = BranchMonth.objects.filter(month__in=months_of(asked)).order_by()
    if reach.one_branch:
        rows = rows.filter(branch__in=[one.pk for one in reach.branches])
    return grouped(reach, dimension, rows, {name: Sum(name) for name in measures})


READERS: dict[str, Reader] = {"daily": daily, "now": now, "month": month}


def columns_of(reach: Reach, dimension: str) -> tuple[str, ...]:
    """What is grouped by; the branch too where a code alone is not enough."""
    if not dimension:
        return ()
    if dimension == "branch":
        return ("branch_id",)
    several = dimension in _OF_BRANCHES and not reach.one_branch
    return ("branch_id", dimension) if several or (dimension == "type_code" and reach.codes) else (dimension,)


def key_of(reach: Reach, dimension: str, values: Sequence[Any], codes: dict[int, str]) -> str:
    """The key of a group. `codes`: of the branches, by id."""
    if not dimension:
        return ""
    if dimension == "branch":
        return codes.get(values[0], "")
    last = values[-1]
    if isinstance(last, date):
        return last.isoformat()[:7] if dimension == "month" else last.isoformat()
    if len(values) == 1:
        return str(last)
    return reach.codes.get((values[0], last), str(last)) if dimension == "type_code" else f"{codes[values[0]]}/{last}"


def grouped(reach: Reach, dimension: str, rows: "QuerySet[Any]", totals: Mapping[str, Any]) -> Sums:
    """Rows added up by the dimension; groups of one key are one, as several codes may be one common code."""
    columns = columns_of(reach, dimension)
    aliased = {f"sum_{name}": total for name, total in totals.items()}
    groups = rows.values(*columns).annotate(**aliased) if columns else [rows.aggregate(**aliased)]
    codes, found = {one.pk: one.code for one in reach.branches}, Sums()
    for group in groups:
        key = key_of(reach, dimension, [group[name] for name in columns], codes)
        sums = found.setdefault(key, {})
        for name in totals:
            sums[name] = sums.get(name, 0) + (group[f"sum_{name}"] or 0)
    return found
