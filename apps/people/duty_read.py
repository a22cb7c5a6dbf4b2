"""How long people were on duty: what worked hours are measured by."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest, Least

from apps.people.models import DutySpan
from steppe.kernel import clock


def duty_between(start: datetime, end: datetime, technicians: Collection[int]) -> dict[int, timedelta]:
    """Time on duty between two moments, by technician; who was not on duty is missing. One query.

    A span that goes on counts up to now; of one that reaches over an end only what lies inside.
    """
    until = min(end, clock.now())
    rows = DutySpan.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start), technician_id__in=technicians)
    inside = Least(Coalesce("ended_at", until), until) - Greatest(F("started_at"), start)
    found = rows.filter(started_at__lt=until).values_list("technician_id").annotate(time=Sum(inside)).order_by()
    return dict(found)


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
