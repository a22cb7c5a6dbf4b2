"""移交: what other branches would hand over to us and what we answer; what leaves, and can still be kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import desk_actor, key_of
from apps.console.words import refusal_words
from apps.tickets import handover_read, services
from apps.tickets.permissions import ACTIONS, ARRIVALS, HANDOVER_READERS
from apps.tickets.reasons import REASONS, reason_from
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, Invalid

DONE = {
    "accepted": _("Taken. It stands in our pool in a moment."),
    "refused": _("Not taken. Headquarters and the other branch are told why."),
    "kept": _("It stays here. The other branch is told."),
}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Both ways on one page; what waits for us on top."""
    return _page(request, _reader(request))


@require_POST
def accept(request: HttpRequest, link_id: str) -> HttpResponse:
    """We take it, as a ticket of the chosen type."""
    actor = _holder(request, ARRIVALS)
    told = {"type_code": request.POST.get("type_code", "")[:30]}
    return _do(request, actor, link_id, "accepted", lambda key: services.accept_arrival(
        link_id=link_id, by=actor, key=key, **told
    ))  # fmt: skip


@require_POST
def refuse(request: HttpRequest, link_id: str) -> HttpResponse:
    """It is not for us, and why."""
    actor = _holder(request, ARRIVALS)
    reason = reason_from(request.POST.get("reason", ""), request.POST.get("note", ""))[:300]
    return _do(request, actor, link_id, "refused", lambda key: services.refuse_arrival(
        link_id=link_id, reason=reason, by=actor, key=key
    ))  # fmt: skip


@require_POST
def keep(request: HttpRequest, link_id: str) -> HttpResponse:
    """It stays here after all."""
    actor = _holder(request, ACTIONS["request_hand_over"])
    return _do(request, actor, link_id, "kept", lambda key: services.withdraw_hand_over(
        link_id=link_id, by=actor, key=key
    ))  # fmt: skip


def _reader(request: HttpRequest) -> Actor:
    return _holder(request, HANDOVER_READERS)


def _holder(request: HttpRequest, roles: tuple[str, ...]) -> Actor:
    actor = desk_actor(request)
    require(actor, roles)
    return actor


def _do(
    request: HttpRequest, actor: Actor, link_id: str, done: str, work: Callable[[str], Receipt]
) -> HttpResponse:  # fmt: skip
    try:
        work(key_of(request))
    except (Conflict, Invalid) as refusal:
        return _page(request, actor, refusal_words(refusal), at=link_id, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('console:handovers')}?done={done}", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", *, at: str = "", status: int = 200) -> HttpResponse:
    """Three queries besides who it is."""
    context = {
        "coming": handover_read.coming(actor), "going": handover_read.going(actor), "refusal": refusal, "at": at,
        "may_answer": handover_read.may_answer(actor), "said": DONE.get(request.GET.get("done", "")),
        "reasons": REASONS["refuse"].items(),
    }  # fmt: skip
    return render(request, "console/handovers.html", context, status=status)
