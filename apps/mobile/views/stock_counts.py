"""盘点: counting on the phone. Every tap and scan is kept at once; no page or answer says what the books have.

The script of the page sends one thing at a time and asks for JSON; without scripts the same forms come back as pages.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.inventory import selectors, services, stocktake_read
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.counting import COUNTED, COUNTING
from apps.inventory.rules.serials import read_list
from apps.mobile import doors
from apps.mobile.entry import Request, ask_wechat, stock_only
from apps.mobile.numbers import quantity_of
from apps.mobile.views import _answers as answer
from apps.mobile.views._refused import sentences
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError


@ask_wechat
@stock_only
@require_safe
def listed(request: Request) -> HttpResponse:
    """The open counts this person may count in, and for keepers the way to open one."""
    return _list(request)


@stock_only
@require_POST
def opened(request: Request) -> HttpResponse:
    """Freeze the list of a place; it is counted from here on."""
    told = {"place": _text(request, "place"), "category": _text(request, "category")}
    try:
        done = services.open_count(**told, by=request.actor, key=answer.key_of(request))
    except DomainError as refusal:
        return _list(request, refusal, told)
    return answer.see_other(reverse("mobile:count", args=[done.public_id]))


@ask_wechat
@stock_only
@require_safe
def one(request: Request, number: str) -> HttpResponse:
    """The sheet: what there is to count, what has been counted, what one can take back."""
    return _page(request, number)


@stock_only
@require_POST
def scan(request: Request, number: str) -> HttpResponse:
    """One code. Whose number it is, is asked for when nobody knows."""
    told = {"code": _text(request, "code"), "item": _text(request, "item")}
    return _do(request, number, lambda by, key: services.tally_scan(number=number, **told, by=by, key=key))


@stock_only
@require_POST
def tally(request: Request, number: str) -> HttpResponse:
    """So many more of one shelf."""
    told = {"item": _text(request, "item"), "batch": _text(request, "batch")}

    def keep(by: Actor, key: str) -> Receipt:
        quantity = quantity_of(request.POST, "quantity")
        return services.tally_quantity(number=number, quantity=quantity, **told, by=by, key=key)

    return _do(request, number, keep)


@stock_only
@require_POST
def scan_list(request: Request, number: str) -> HttpResponse:
    """Many numbers at once, scanned or pasted. What cannot be a number is named by the refusal."""
    good, bad = read_list(_text(request, "numbers"))
    told = {"numbers": [*good, *bad], "item": _text(request, "item")}
    return _do(request, number, lambda by, key: services.tally_numbers(number=number, **told, by=by, key=key))


@stock_only
@require_POST
def undo(request: Request, number: str) -> HttpResponse:
    """The own last tally back, or the one that is named."""
    tally_id = _whole(request, "tally")
    return _do(request, number, lambda by, key: services.undo_tally(number=number, tally=tally_id, by=by, key=key))


@stock_only
@require_POST
def again(request: Request, number: str) -> HttpResponse:
    """One shelf from the beginning."""
    which = _whole(request, "line") or 0
    return _do(request, number, lambda by, key: services.count_again(number=number, line=which, by=by, key=key))


@stock_only
@require_POST
def close(request: Request, number: str) -> HttpResponse:
    """Done: what differs is counted once more, then somebody else decides."""
    told: dict[str, Any] = {"recount": True, "leave_out": request.POST.get("leave_out") == "1"}
    version = answer.version_of(request)
    try:
        done = services.close_count(
            number=number, version=version, **told, by=request.actor, key=answer.key_of(request)
        )
    except DomainError as refusal:
        return _page(request, number, refusal)
    return answer.see_other(f"{reverse('mobile:count', args=[number])}?again={done.facts['again']}")


def _do(request: Request, number: str, step: Callable[..., Receipt]) -> HttpResponse:
    """Keep it and say what stands there now; a refusal changes nothing and says why."""
    try:
        done = step(request.actor, answer.key_of(request))
    except DomainError as refusal:
        if answer.by_script(request):
            told = {"code": refusal.code, "detail": sentences(refusal)}
            return JsonResponse(told, status=refusal.status)
        return _page(request, number, refusal)
    if answer.by_script(request):
        return JsonResponse(done.facts)
    return answer.see_other(reverse("mobile:count", args=[number]))


def _list(request: Request, refusal: DomainError | None = None, told: dict[str, str] | None = None) -> HttpResponse:
    keeper = request.actor.holds(*KEEPERS)
    context = {
        "counts": stocktake_read.counting_for(request.actor), "keeper": keeper, "told": told or {},
        "places": selectors.places_for(request.actor).filter(kind__in=COUNTED, enabled=True) if keeper else [],
        "categories": stocktake_read.categories() if keeper else [],
        "refusal": sentences(refusal) if refusal else "",
    }  # fmt: skip
    return render(request, "mobile/counts.html", context, status=refusal.status if refusal else 200)


def _page(request: Request, number: str, refusal: DomainError | None = None) -> HttpResponse:
    sheet = stocktake_read.sheet_for(request.actor, number)
    keeper = request.actor.holds(*KEEPERS)
    context = {
        "sheet": sheet, "count": sheet.count, "refusal": sentences(refusal) if refusal else "", "keeper": keeper,
        "open": sheet.count.state == COUNTING and stocktake_read.may_count(request.actor, sheet.count.place),
        "asked_again": request.GET.get("again", ""), "items": stocktake_read.items_of(sheet.count),
        "given": request.POST, "jssdk_config": doors.address("wechat:jssdk-config"),
        "decides": _("Somebody else looks at the differences now and decides."),
    }  # fmt: skip
    return render(request, "mobile/count.html", context, status=refusal.status if refusal else 200)


def _text(request: Request, name: str) -> str:
    """What was sent under this name, without the sign that no column takes."""
    return str(request.POST.get(name, "")).replace("\x00", "")


def _whole(request: Request, name: str) -> int | None:
    """A row's number that a column takes, or None."""
    text = _text(request, name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
