"""Figures: all of them with their definitions, one of them from all branches down to the tickets behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.headquarters import given
from apps.headquarters.reporting import card, kpi_page, tickets_page
from apps.headquarters.reporting.told import told
from apps.headquarters.reporting.ways import HEADQUARTERS


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every KPI of all branches, or of the part the address names."""
    context = card.index_of(request.actor, HEADQUARTERS, told(request.GET))  # type: ignore[attr-defined]
    return render(request, "headquarters/kpis.html", context)


@never_cache
@require_GET
def kpi(request: HttpRequest, code: str) -> HttpResponse:
    """One KPI, split by the next step down or as asked."""
    context = kpi_page.page_of(request.actor, HEADQUARTERS, told(request.GET), code)  # type: ignore[attr-defined]
    return render(request, "headquarters/kpi.html", context)


@never_cache
@require_GET
def tickets(request: HttpRequest, code: str) -> HttpResponse:
    """The tickets behind it, fifty at a time."""
    side, after = given.text(request.GET, "side", 12), given.text(request.GET, "after", 60)
    actor = request.actor  # type: ignore[attr-defined]
    context = tickets_page.page_of(actor, HEADQUARTERS, told(request.GET), code, side=side, after=after)
    return render(request, "headquarters/kpi_tickets.html", context)
