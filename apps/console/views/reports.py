"""报表: a branch's own figures on the same pages as headquarters has them, the work-amount sheet, other reports."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import reports_reader, work_reader
from apps.console.report_links import links_for
from apps.console.said import said
from apps.costing.points_read import this_month
from apps.costing.rules.periods import is_period
from apps.costing.work_sheet_read import work_sheet
from apps.exports.permissions import may_export
from apps.headquarters.reporting import card, kpi_page, tickets_page
from apps.headquarters.reporting.told import Told, told
from apps.headquarters.reporting.ways import Ways
from steppe.kernel.actors import Actor
from steppe.ui.templatetags.ui import branch_name
from tenants.context import current_branch

OWN = Ways(
    "console:reports", "", "console:report-figures", "console:report", "console:report-tickets", "console:ticket", False
)


@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The branch in one look, and where its other reports stand. Seventeen queries besides who it is."""
    actor, ways, asked = reports_reader(request), *_here(request)
    context = card.card_of(actor, ways, asked) | {"links": links_for(actor), "export": _export(actor, asked)}
    return render(request, "console/reports/overview.html", context)


@never_cache
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Every KPI of the branch, or of the part the address names."""
    actor, ways, asked = reports_reader(request), *_here(request)
    return render(request, "console/reports/figures.html", card.index_of(actor, ways, asked))


@never_cache
@require_GET
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One KPI, by grid, type, department, day …"""
    actor, ways, asked = reports_reader(request), *_here(request)
    return render(request, "console/reports/kpi.html", kpi_page.page_of(actor, ways, asked, code))


@never_cache
@require_GET
def tickets(request: HttpRequest, code: str) -> HttpResponse:
    """The tickets behind it; each leads to its own page, where its reader's rights count."""
    actor, ways, asked = reports_reader(request), *_here(request)
    side, after = said(request.GET, "side", 12), said(request.GET, "after", 60)
    context = tickets_page.page_of(actor, ways, asked, code, side=side, after=after)
    return render(request, "console/reports/tickets.html", context)


@never_cache
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """工作量表 of settlement months. Nine queries besides who it is, however many people."""
    actor, now = work_reader(request), this_month()
    first, last = _month(request, "from", now), _month(request, "to", now)
    unit = said(request.GET, "unit", 40)
    sheet = work_sheet(actor, min(first, last), max(first, last), unit=unit)
    return render(request, "console/reports/work.html", {"sheet": sheet, "total": sheet.total, "unit": unit})


def _here(request: HttpRequest) -> tuple[Ways, Told]:
    """The branch is that of the site, whatever the address says."""
    own = current_branch()
    return OWN.named(branch_name(own)), told(request.GET, fixed=own.code)


def _export(actor: Actor, asked: Told) -> str:
    """工单记录 of the same period, with every column to choose from; nothing for who may not take tables away."""
    if not may_export(actor):
        return ""
    told: dict[str, Any] = {"source": "tickets", "first": asked.asked.first, "last": asked.asked.last}
    return f"{reverse('console:exports')}?{urlencode(told)}"


def _month(request: HttpRequest, name: str, otherwise: str) -> str:
    text = said(request.GET, name, 7)
    return text if is_period(text) else otherwise
