"""我的工时: a technician's own month – standard hours, hours on duty, and the place among those of the same unit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.costing import hours_read
from apps.costing.rules.periods import following, is_period, period_of, preceding
from apps.mobile.entry import Request, technician_only
from steppe.kernel import clock


@technician_only
@require_GET
def page(request: Request) -> HttpResponse:
    """One month; nonsense is the present one. Seven queries besides who it is, however many peers."""
    now, asked = period_of(clock.now()), request.GET.get("month", "")
    month = asked if is_period(asked) and asked <= now else now
    context = {
        "mine": hours_read.hours_of(request.actor, month), "month": month, "earlier": preceding(month),
        "later": following(month) if month < now else "",
    }  # fmt: skip
    return render(request, "mobile/hours.html", context)
