"""盘点 at the desk: what is being counted and how far it is, the differences, and what is decided about them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, stock_approver, stock_keeper, stock_reader
from apps.console.count_page import rows_of, said
from apps.console.said import said as text_of
from apps.console.views.stock.papers import sentences, version_of
from apps.console.views.stock.printing import qr
from apps.inventory import selectors, services, stocktake_read
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.counting import COUNTED, COUNTING, OPEN, POSTED, STATES, WITHDRAWN
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The newest first, with what can be opened. Six queries besides who it is."""
    return _list(request, stock_reader(request))


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Freeze the list of a place."""
    actor = stock_keeper(request)
    told = {name: text_of(request.POST, name, 30) for name in ("place", "category")}
    try:
        done = services.open_count(**told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _list(request, actor, refusal, told)
    return _done(done.public_id, "opened")


@never_cache
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """How far it is; the differences for who may see them."""
    return _page(request, stock_reader(request), number)


@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Counted; what differs may be asked for once more first."""
    told = {"recount": request.POST.get("recount") == "1", "leave_out": request.POST.get("leave_out") == "1"}
    return _take(request, stock_keeper(request), number, "close", services.close_count, **told)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing will be posted."""
    reason = text_of(request.POST, "reason", 200)
    return _take(request, stock_keeper(request), number, "withdraw", services.withdraw_count, reason=reason)


@require_POST
def work_out(request: HttpRequest, number: str) -> HttpResponse:
    """The differences once more: units have moved since."""
    return _take(request, stock_reader(request), number, "work_out", services.work_out_count)


@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Not believed: what differs is counted again."""
    reason = text_of(request.POST, "reason", 200)
    return _take(request, stock_approver(request), number, "send_back", services.send_back_count, reason=reason)


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Into the books, with the numbers that are to be brought here."""
    move = request.POST.getlist("move")
    return _take(request, stock_approver(request), number, "approve", services.approve_count, move=move)


def _take(
    request: HttpRequest, actor: Actor, number: str, what: str, step: Callable[..., Receipt], **told: object
) -> HttpResponse:
    """One step; refused, the page says why and shows the count as it stands now."""
    try:
        done = step(number=number, version=version_of(request), **told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, number, refusal)
    return _done(number, "again" if done.facts.get("again") else what)


def _done(number: str, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:stock-count', args=[number])}?done={what}", status=303)


def _list(
    request: HttpRequest, actor: Actor, refusal: DomainError | None = None, told: dict[str, str] | None = None
) -> HttpResponse:
    state = request.GET.get("state", "")
    page = stocktake_read.counts_for(
        actor, state=state if state in STATES else "", after=text_of(request.GET, "after", 24)
    )  # fmt: skip
    keeper = actor.holds(*KEEPERS)
    context = {
        "rows": page.rows, "after": page.next_after, "keeper": keeper, "told": told or {}, "state": state,
        "accuracy": stocktake_read.accuracy_for(actor), "refusal": refusal.sentence if refusal else "",
        "wrong": sentences(refusal), "categories": stocktake_read.categories() if keeper else [],
        "places": [one for one in selectors.places_for(actor) if one.kind in COUNTED and one.enabled] if keeper else [],
    }  # fmt: skip
    return render(request, "console/stock/counts.html", context, status=refusal.status if refusal else 200)


def _page(request: HttpRequest, actor: Actor, number: str, refusal: DomainError | None = None) -> HttpResponse:
    """At most eleven queries besides who it is."""
    sheet = stocktake_read.sheet_for(actor, number)
    count = sheet.count
    shown = stocktake_read.may_see_result(actor, count)
    result = stocktake_read.result_for(actor, number) if shown else None
    phone = request.build_absolute_uri(f"/w/counts/{number}")
    context = {
        "count": count, "sheet": sheet, "result": result, "rows": rows_of(result) if result else [],
        "elsewhere": [one for one in result.findings if one.kind == "elsewhere"] if result else [],
        "keeper": actor.holds(*KEEPERS), "open": count.state in OPEN, "over": count.state in (POSTED, WITHDRAWN),
        "refusal": refusal.sentence if refusal else "", "wrong": sentences(refusal), "moved_on": _moved_on(refusal),
        "said": said(request.GET.get("done", "")),
        "phone": phone, "code": qr(phone) if count.state == COUNTING else "",
    }  # fmt: skip
    return render(request, "console/stock/count.html", context, status=refusal.status if refusal else 200)


def _moved_on(refusal: DomainError | None) -> bool:
    """Is it the refusal that working out again answers?"""
    return refusal is not None and refusal.code == "inventory.count_moved_on"
