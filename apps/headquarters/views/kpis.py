"""Figures: all of them with their definitions, one of them from all branches down to the tickets behind it."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.exports.writers import FORMS
from apps.headquarters import given
from apps.headquarters.reporting import card, kpi_page, tickets_page
from apps.headquarters.reporting.told import told
from apps.headquarters.reporting.ways import HEADQUARTERS
from apps.headquarters.services import take_figures


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every KPI of all branches, or of the part the address names."""
    context = card.index_of(request.actor, HEADQUARTERS, told(request.GET))  # type: ignore[attr-defined]
    return render(request, "headquarters/kpis.html", context | {"forms": FORMS.values()})


@never_cache
@require_GET
def take(request: HttpRequest, form: str) -> HttpResponseBase:
    """All of them for every branch, as a file."""
    taken = take_figures(asked=told(request.GET).asked, form=form, by=request.actor)  # type: ignore[attr-defined]
    response = FileResponse(taken.file, content_type=taken.mime)
    response["Content-Disposition"] = content_disposition_header(True, taken.name) or "attachment"
    response["Content-Length"] = str(taken.size)
    response["X-Content-SHA256"] = taken.sha256
    return response


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
