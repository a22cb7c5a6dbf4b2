"""移交: cases that go from one branch to another: all of them, one of them, and what headquarters decides about it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.headquarters import given, handovers_read, services
from apps.headquarters.branches_read import all_branches, name_of
from apps.headquarters.permissions import HANDOVER_READERS, HANDOVERS
from apps.headquarters.tasks import drive_handover
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, Invalid, KeyMissing

TABS = {
    "route": _("To be routed"), "asked": _("Own branch is asked"), "offered": _("Other branch is asked"),
    "open": _("All that run"), "done": _("Handed over"), "ended": _("Came to nothing"),
}  # fmt: skip
DONE = {
    "begun": _("Asked. The branch's administrator answers, then the other branch's."),
    "routed": _("Sent on. The branch's administrator answers."),
    "declined": _("Declined. Who asked is told why."),
    "taken_back": _("Taken back. The ticket stays where it is."),
}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One tab at a time; first what headquarters has to route."""
    return _page(request, _reader(request))


@never_cache
@require_GET
def case(request: HttpRequest, link_id: str) -> HttpResponse:
    """One hand-over with everything that was said of it. Three queries besides who it is."""
    return _case(request, _reader(request), link_id)


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


@require_POST
def take_back(request: HttpRequest, link_id: str) -> HttpResponse:
    """What headquarters asked a branch for is not wanted any more."""
    actor = _actor(request)
    return _do(request, link_id, "taken_back", lambda key: services.take_back(link_id=link_id, by=actor, key=key))


def _reader(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, HANDOVER_READERS)
    return actor


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, HANDOVERS)
    return actor


def _do(request: HttpRequest, link_id: str, done: str, work: Callable[[str], Receipt]) -> HttpResponse:
    """Back to where it was pressed: in the list, or on the case's own page."""
    key, at_case = request.POST.get("idempotency_key", ""), request.POST.get("from") == "case"
    if not key:
        raise KeyMissing
    try:
        work(key)
    except (Conflict, Invalid) as refusal:
        actor = _actor(request)
        if at_case:
            return _case(request, actor, link_id, refusal.sentence, status=refusal.status)
        return _page(request, actor, refusal.sentence, status=refusal.status)
    drive_handover.wake(link_id)
    back = reverse("headquarters:handover", args=[link_id]) if at_case else reverse("headquarters:handovers")
    return HttpResponseRedirect(f"{back}?done={done}", status=303)


def _page(request: HttpRequest, actor: Actor, refusal: str = "", *, status: int = 200) -> HttpResponse:
    """Five queries besides who it is."""
    tab, branch = request.GET.get("tab", "route"), given.text(request.GET, "branch", 8)
    tab, counts = tab if tab in TABS else "route", handovers_read.counts(actor, branch)
    context = _basics(request, actor, refusal) | {
        "tabs": [(code, word, counts[code], code == tab) for code, word in TABS.items()], "tab": tab,
        "at_branch": branch, "branches": [(one.code, name_of(one)) for one in all_branches(actor)],
        "lines": handovers_read.handovers(actor, tab, branch), "most": handovers_read.MOST,
    }  # fmt: skip
    return render(request, "headquarters/handovers.html", context, status=status)


def _case(request: HttpRequest, actor: Actor, link_id: str, refusal: str = "", *, status: int = 200) -> HttpResponse:
    context = _basics(request, actor, refusal) | {"line": handovers_read.handover(actor, link_id), "at_case": True}
    return render(request, "headquarters/handover.html", context, status=status)


def _basics(request: HttpRequest, actor: Actor, refusal: str) -> dict[str, Any]:
    return {
        "may_decide": actor.holds(*HANDOVERS), "refusal": refusal, "said": DONE.get(request.GET.get("done", "")),
    }  # fmt: skip
