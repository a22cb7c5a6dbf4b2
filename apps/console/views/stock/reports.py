"""报表: stock's figures over a period, with both sides of each rate; the same as Excel or CSV."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import stock_reader
from apps.inventory import report_files, reports_read
from apps.inventory import report_words as words
from apps.inventory.reports_read import MONEY, MOST_DAYS, QUANTITIES, RATES, REPORTS, Period, Report
from steppe.kernel import clock
from steppe.kernel.workbooks import MIME

SHOWN = 300  # rows on the page; the file has all of them
FILES = {"xlsx": (report_files.as_xlsx, MIME), "csv": (report_files.as_csv, "text/csv; charset=utf-8")}


@never_cache
@require_GET
def page(request: HttpRequest, code: str = "by_item") -> HttpResponse:
    """One report. At most nine queries besides who it is."""
    actor, period = stock_reader(request), _period(request)
    if code not in REPORTS:
        raise Http404
    report = reports_read.report_for(actor, code, period)
    context = {
        "codes": [(one, str(words.REPORTS[one])) for one in REPORTS], "code": code, "period": period,
        "title": words.REPORTS[code], "heads": [(words.column(name), _is_number(name)) for name in report.columns],
        "rows": [_cells(report, row) for row in report.rows[:SHOWN]], "total": _cells(report, report.total),
        "more": max(len(report.rows) - SHOWN, 0), "figure": _figure(report), "now": code == "ageing",
    }  # fmt: skip
    return render(request, "console/stock/report.html", context)


@never_cache
@require_GET
def file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The whole report as a file."""
    actor, period = stock_reader(request), _period(request)
    if code not in REPORTS or form not in FILES:
        raise Http404
    write, mime = FILES[form]
    content = write(reports_read.report_for(actor, code, period), period)
    name = f"{words.REPORTS[code]}_{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=mime, headers=headers)


def _period(request: HttpRequest) -> Period:
    """What the address asks for; nonsense is the last thirty days."""
    usual = reports_read.lately()
    asked = Period(_day(request.GET.get("from", ""), usual.first), _day(request.GET.get("to", ""), usual.last))
    return asked if 0 < asked.days <= MOST_DAYS else usual


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 2000 <= found.year < 2200 else otherwise


def _is_number(name: str) -> bool:
    return name in MONEY | QUANTITIES | RATES or name in ("tickets", "units", "papers", "counts", "lines", "right")


def _cells(report: Report, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Each cell with its head, for the narrow page, and what kind of number it is."""
    return [
        {"head": words.column(name), "value": _value(name, row.get(name)), "kind": _kind(name)}
        for name in report.columns
    ]


def _kind(name: str) -> str:
    if name in MONEY:
        return "money"
    if name in QUANTITIES:
        return "quantity"
    if name == "rate":
        return "percent"
    return "number" if _is_number(name) else "text"


def _value(name: str, value: Any) -> Any:
    if name == "month" and value is not None:
        return value.astimezone(clock.BUSINESS_ZONE).strftime("%Y-%m")
    return value * 100 if name == "rate" and value is not None else words.value(name, value) if value else value


def _figure(report: Report) -> dict[str, Any] | None:
    if report.figure is None:
        return None
    rate = report.figure.value
    percent = report.code != "turnover"
    return {
        "word": words.figure(report.code), "above": words.above(report.code), "below": words.below(report.code),
        "numerator": report.figure.numerator, "denominator": report.figure.denominator,
        "value": None if rate is None else rate * 100 if percent else rate, "percent": percent,
        "money": words.is_money(report.code),
    }  # fmt: skip
