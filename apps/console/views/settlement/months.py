"""核定: the list of months, one month with its calculation, lines and steps, and every step as a form."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console import settlement_page as page
from apps.console.access import key_of, settlement_reader
from apps.console.said import said, whole
from apps.console.settlement_form import fen_of, number_of, wrong_of
from apps.costing import payroll_files, settlement_read, settlement_tasks
from apps.costing.permissions import SETTLERS
from apps.costing.rules.periods import TAKES_ENTRIES
from apps.costing.services import calculating, reviewing, settlement
from apps.costing.settlement_errors import MonthNotFound, RunNotFound
from apps.costing.settlement_read import SORTS, Asked
from apps.costing.settlement_steps_read import may_for
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError
from steppe.kernel.workbooks import MIME

MIMES = {"xlsx": MIME, "csv": "text/csv; charset=utf-8"}


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The months, the newest first. Two queries besides who it is."""
    rows = [page.shown(row) for row in settlement_read.months_for(settlement_reader(request))]
    return render(request, "console/settlement/months.html", {"rows": rows})


@never_cache
@require_GET
def one(request: HttpRequest, month: str) -> HttpResponse:
    """How far it is, what can be done now, and its lines. At most 21 queries besides who it is."""
    return _page(request, settlement_reader(request), month)


@never_cache
@require_GET
def progress(request: HttpRequest, month: str) -> HttpResponse:
    """How far the calculation is; when it is over, the whole page is asked for anew. Six queries at most."""
    view = settlement_read.month_for(settlement_reader(request), month)
    response = render(request, "console/settlement/_progress.html", {"month": view, "run": view.run})
    if view.run is None or view.run.state not in calculating.AT_ONCE:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def terms(request: HttpRequest, month: str) -> HttpResponse:
    """What a point is worth."""
    price = number_of(request.POST, "unit_price")
    told = {
        "mode": said(request.POST, "mode", 10), "unit_price": None if price is None else price * 100,
        "pool_fen": fen_of(request.POST, "pool"),
    }  # fmt: skip
    return _take(request, month, "terms", settlement.set_month_terms, **told)


@require_POST
def calculate(request: HttpRequest, month: str) -> HttpResponse:
    """Ask for the lines; the work is done beside the page."""
    preview = request.POST.get("preview") == "1"
    return _take(request, month, "calculate", calculating.start_calculation, preview=preview)


@require_POST
def cancel(request: HttpRequest, month: str) -> HttpResponse:
    """Stop the calculation."""
    actor = settlement_reader(request)
    try:
        run = settlement_read.month_for(actor, month).run
        if run is None:
            raise RunNotFound
        calculating.cancel_calculation(public_id=run.public_id, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, month, refusal)
    return _done(month, "cancel")


@require_POST
def publish(request: HttpRequest, month: str) -> HttpResponse:
    """Every technician sees the own line now."""
    return _take(request, month, "publish", settlement.publish_month)


@require_POST
def review(request: HttpRequest, month: str) -> HttpResponse:
    """This person has looked at what waits for them on a level."""
    return _take(request, month, "review", reviewing.review_lines, level=said(request.POST, "level", 20))


@require_POST
def approve(request: HttpRequest, month: str) -> HttpResponse:
    """Agreed."""
    return _take(request, month, "approve", settlement.approve_month)


@require_POST
def lock(request: HttpRequest, month: str) -> HttpResponse:
    """Nothing changes any more."""
    return _take(request, month, "lock", settlement.lock_month)


@require_POST
def export(request: HttpRequest, month: str) -> HttpResponse:
    """Note who takes the payroll, and hand it out."""
    actor, form = settlement_reader(request), said(request.POST, "form", 4)
    if form not in MIMES:
        raise MonthNotFound
    try:
        settlement.export_month(month=month, form=form, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, month, refusal)
    return HttpResponseRedirect(reverse("console:settlement-payroll", args=[month, form]), status=303)


@never_cache
@require_GET
def payroll(request: HttpRequest, month: str, form: str) -> HttpResponse:
    """The file of a locked month: always the same bytes."""
    actor = settlement_reader(request)
    if form not in MIMES:
        raise MonthNotFound
    content = payroll_files.payroll(actor, month, form)
    name = f"{_('Payroll')}_{month}.{form}"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=MIMES[form], headers=headers)


def _take(request: HttpRequest, month: str, what: str, step: Callable[..., Receipt], **told: Any) -> HttpResponse:
    """One step; refused, the page says why and shows the month as it stands now."""
    actor = settlement_reader(request)
    try:
        done = step(month=month, version=whole(request.POST, "version"), **told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, month, refusal)
    if what == "calculate":
        settlement_tasks.calculate.wake(done.public_id)
    return _done(month, what)


def _done(month: str, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:settlement-month', args=[month])}?done={what}", status=303)


def _page(request: HttpRequest, actor: Actor, month: str, refusal: DomainError | None = None) -> HttpResponse:
    view, asked, wrong = settlement_read.month_for(actor, month), _asked(request), wrong_of(refusal)
    may = may_for(actor, view)
    context = {
        "month": view, "run": view.run, "may": may, "asked": asked, "road": page.road_of(view), "wrong": wrong,
        "found": settlement_read.lines_for(actor, month, asked) if view.period.pk else None,
        "refusal": refusal.sentence if refusal else "", "said": _sentence(request.GET.get("done", "")),
        "loose": [wrong[name] for name in wrong if name not in ("mode", "unit_price", "pool_fen")],
        "levels": page.levels_of(view), "hint": page.hint_for(actor, view, may), "bases": actor.holds(*SETTLERS),
        "at_work": view.run is not None and view.run.state in calculating.AT_ONCE,
        "shown_to_them": view.period.state not in TAKES_ENTRIES,
        **page.lists_of(asked), **page.terms_of(view, request.POST),
    }  # fmt: skip
    return render(request, "console/settlement/month.html", context, status=refusal.status if refusal else 200)


def _asked(request: HttpRequest) -> Asked:
    sort = said(request.GET, "sort", 12)
    return Asked(
        q=said(request.GET, "q"), state=said(request.GET, "state", 12), sort=sort if sort in SORTS else "grid",
        page=whole(request.GET, "page") or 1,
    )  # fmt: skip


def _sentence(what: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "terms": _("It is kept. Calculate the month now, so that the lines follow."),
        "calculate": _("The calculation has begun. You may leave this page; it goes on."),
        "cancel": _("The calculation stops. No line was written."),
        "publish": _("It is published. Every technician sees the own line on the phone now."),
        "review": _("Noted. Your look stands at these lines."),
        "approve": _("You approved the month. It may be locked now."),
        "lock": _("It is locked. Nothing of it changes any more."),
    }.get(what, "")  # fmt: skip
