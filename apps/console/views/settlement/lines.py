"""One technician's line of a month, explained: points by kind, rates with both sides, the formula, every entry."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import settlement_reader
from apps.costing import settlement_read, slip_read
from apps.costing.settlement_words import explained


@never_cache
@require_GET
def one(request: HttpRequest, month: str, technician_id: int) -> HttpResponse:
    """Seven queries besides who it is."""
    line = settlement_read.line_for(settlement_reader(request), month, technician_id)
    context = {
        "line": line, "slip": slip_read.slip_of(line), "told": explained(line),
        "older": settlement_read.older_lines(line),
    }  # fmt: skip
    return render(request, "console/settlement/line.html", context)
