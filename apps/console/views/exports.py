"""导出: choose table, period, columns and format; below it what was asked for, how far it is, and the files."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console import export_words
from apps.console.access import exporter, key_of
from apps.console.said import said
from apps.exports import selectors, services, tasks
from apps.exports.columns import Source
from apps.exports.errors import BadExport
from apps.exports.sending import sent
from apps.exports.sources import source_for, sources_for
from apps.exports.writers import FORMS
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError

MOST_COLUMNS = 100


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form and the list; POST asks for one. One query besides who it is and the bar."""
    actor = exporter(request)
    if request.method == "GET":
        return _page(request, actor, request.GET)
    try:
        receipt = services.ask_export(**_asked(request.POST), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, request.POST, refusal)
    tasks.make_export.wake(receipt.public_id)
    return HttpResponseRedirect(f"{reverse('console:exports')}?source={said(request.POST, 'source')}#jobs", status=303)


@never_cache
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The list again; asked by the page itself while something is being made. One query besides who it is."""
    return render(request, "console/_export_jobs.html", _listed(exporter(request)))


@never_cache
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call one off; back to the list."""
    services.cancel_export(public_id=public_id, by=exporter(request), key=key_of(request))
    return HttpResponseRedirect(f"{reverse('console:exports')}#jobs", status=303)


@never_cache
@require_GET
def file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file of one; written into the audit."""
    return sent(services.hand_out(public_id=public_id, by=exporter(request)))


def _asked(given: QueryDict) -> dict[str, Any]:
    """What the form says; days that are none are said so at their field. Raises BadExport."""
    first, last = _day(given, "first"), _day(given, "last")
    return {
        **{name: said(given, name, 30) for name in ("source", "form", "period")}, "first": first, "last": last,
        "columns": [one[:30] for one in given.getlist("columns")[:MOST_COLUMNS]],
    }  # fmt: skip


def _day(given: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(said(given, name, 10))
    except ValueError as error:
        raise BadExport({name: [export_words.bad_day()]}) from error


def _page(request: HttpRequest, actor: Actor, given: QueryDict, refusal: DomainError | None = None) -> HttpResponse:
    tables = sources_for(actor)
    table = source_for(actor, said(given, "source", 30) or tables[0].code)
    first, last = _lately()
    columns = _columns(table, given)
    context = {
        "tables": [(one.code, one.word) for one in tables], "table": table, "periods": table.periods,
        "forms": [(one.code, one.word, export_words.hint(one)) for one in FORMS.values()],
        "columns": columns, "chosen_columns": sum(on for _one, on in columns),
        "refusal": refusal.sentence if refusal else "",
        "wrong": {name: sentences[0] for name, sentences in getattr(refusal, "fields", {}).items()},
        "chosen": {
            "form": said(given, "form") or "xlsx", "period": said(given, "period"),
            "first": said(given, "first", 10) or first.isoformat(), "last": said(given, "last", 10) or last.isoformat(),
        },
        "opened": bool(given.getlist("columns")), **_listed(actor),
    }  # fmt: skip
    return render(request, "console/exports.html", context, status=refusal.status if refusal else 200)


def _columns(table: Source, given: QueryDict) -> list[tuple[Any, bool]]:
    """Each with whether it is chosen: as it was just said, else the usual ones."""
    asked = set(given.getlist("columns"))
    return [(one, one.code in asked if asked else one.usual) for one in table.columns]


def _listed(actor: Actor) -> dict[str, Any]:
    found = selectors.jobs_for(actor)
    return {
        "jobs": [export_words.told(one) for one in found], "running": selectors.are_unfinished(found),
        "everybody_s": selectors.sees_all(actor),
    }  # fmt: skip


def _lately() -> tuple[date, date]:
    """This month until today; on its first days the month before, which is what people want then."""
    today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
    if today.day > 5:
        return today.replace(day=1), today
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
