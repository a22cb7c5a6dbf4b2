"""How long people were on duty: what worked hours are measured by."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate

from apps.people.models import DutySpan
from steppe.kernel import clock


def duty_between(start: datetime, end: datetime, technicians: Collection[int]) -> dict[int, timedelta]:
    """Time on duty between two moments, by technician; who was not on duty is missing. One query.

    A span that goes on counts up to now; of one that reaches over an end only what lies inside.
    """
    rows, inside = _inside(start, end)
    mine = rows.filter(technician_id__in=technicians).values_list("technician_id")
    return dict(mine.annotate(time=Sum(inside)).order_by())


def duty_of_each(start: datetime, end: datetime) -> dict[int, timedelta]:
    """The same of everybody there is. One query."""
    rows, inside = _inside(start, end)
    return dict(rows.values_list("technician_id").annotate(time=Sum(inside)).order_by())


def days_on_duty(start: datetime, end: datetime) -> dict[int, int]:
    """On how many business days somebody came on duty between two moments, by technician. One query."""
    rows = DutySpan.objects.filter(started_at__gte=start, started_at__lt=end)
    days = Count(TruncDate("started_at", tzinfo=clock.BUSINESS_ZONE), distinct=True)
    return dict(rows.order_by().values_list("technician_id").annotate(days=days))


def _inside(start: datetime, end: datetime) -> tuple[QuerySet[DutySpan], Combinable]:
    until = min(end, clock.now())
    rows = DutySpan.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start), started_at__lt=until)
    return rows, Least(Coalesce("ended_at", until), until) - Greatest(F("started_at"), start)


def spans_below(paths: Collection[str]) -> "QuerySet[DutySpan]":
    """The spans of everybody who stands at or below these nodes. No query by itself."""
    seen = Q(pk__in=[])
    for path in paths:
        seen |= Q(technician__org_unit__path__startswith=path)
    return DutySpan.objects.filter(seen)


def first_duty() -> datetime | None:
    """When somebody was on duty for the first time. One query."""
    found: datetime | None = DutySpan.objects.aggregate(first=Min("started_at"))["first"]
    return found
