"""移交: cases that go from one branch to another, and where headquarters sends them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.headquarters import handovers_read, services
from apps.headquarters.permissions import HANDOVERS
from apps.headquarters.tasks import drive_handover
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, Invalid, KeyMissing

TABS = {
    "route": _("To be routed"), "open": _("All that run"), "done": _("Handed over"), "ended": _("Came to nothing"),
}  # fmt: skip
DONE = {
    "routed": _("Sent on. The branch's administrator answers."),
    "declined": _("Declined. Who asked is told why."),
}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One tab at a time; first what headquarters has to route."""
    return _page(request, _actor(request))


@require_POST
def route(request: HttpRequest, link_id: str) -> HttpResponse:
    """To a branch."""
    actor, branch = _actor(request), request.POST.get("branch", "")[:8]
    return _do(request, link_id, "routed", lambda key: services.route_handover(
        link_id=link_id, branch=branch, by=actor, key=key
    ))  # fmt: skip


@require_POST
def decline(request: HttpRequest, link_id: str) -> HttpResponse:
    """It stays, and why."""
    actor, reason = _actor(request), request.POST.get("reason", "")[:300]
    return _do(request, link_id, "declined", lambda key: services.decline_handover(
        link_id=link_id, reason=reason, by=actor, key=key
    ))  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, HANDOVERS)
    return actor


def _do(request: HttpRequest, link_id: str, done: str, work: Callable[[str], Receipt]) -> HttpResponse:
    key = request.POST.get("idempotency_key", "")
    if not key:
        raise KeyMissing
    try:
        work(key)
    except (Conflict, Invalid) as refusal:
        return _page(request, _actor(request), refusal.sentence, at=link_id, status=refusal.status)
    drive_handover.wake(link_id)
    return HttpResponseRedirect(f"{reverse('headquarters:handovers')}?done={done}", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", *, at: str = "", status: int = 200) -> HttpResponse:
    """Five queries besides who it is."""
    tab = request.GET.get("tab", "route")
    tab, counts = tab if tab in TABS else "route", handovers_read.counts(actor)
    context = {
        "tabs": [(code, word, counts[code], code == tab) for code, word in TABS.items()],
        "lines": handovers_read.handovers(actor, tab), "refusal": refusal, "at": at,
        "said": DONE.get(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "headquarters/handovers.html", context, status=status)
