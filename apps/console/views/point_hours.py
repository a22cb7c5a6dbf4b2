"""工时: standard hours, hours on duty, how full and how even a month was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import hours_reader
from apps.console.said import said
from apps.costing import hours_read
from apps.costing.rules.evenness import ranks
from apps.costing.rules.periods import is_period, period_of
from steppe.kernel import clock


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One month of the reader's people. Seven queries besides who it is, however many people."""
    actor, month = hours_reader(request), said(request.GET, "month", 7)
    now = period_of(clock.now())
    month = month if is_period(month) else now
    unit = said(request.GET, "unit", 40)
    months = sorted({*hours_read.months_known(), now, month}, reverse=True)
    hours = hours_read.hours_for(actor, month, unit=unit)
    ranked = zip(ranks(one.points for one in hours.lines), hours.lines, strict=True)
    context = {"hours": hours, "rows": list(ranked), "month": month, "unit": unit, "months": months}
    return render(request, "console/points/hours.html", context)
