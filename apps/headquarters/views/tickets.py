"""One ticket of a branch as headquarters may see it: read live, masked; all that can be pressed is the hand-over."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.headquarters import handovers_read, services
from apps.headquarters.branches_read import name_of, open_branch_for
from apps.headquarters.permissions import HANDOVERS
from apps.headquarters.services.looking import look_at_ticket
from apps.tickets.reasons import REASONS, reason_from
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import Conflict, Invalid, KeyMissing


@never_cache
@require_GET
def page(request: HttpRequest, code: str, ticket: str) -> HttpResponse:
    """The ticket; the look stands in the branch's audit."""
    return _page(request, code, ticket)


@require_POST
def hand_over(request: HttpRequest, code: str, ticket: str) -> HttpResponse:
    """Headquarters asks the branch to let the ticket go to another one; a refusal stands over the ticket."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, HANDOVERS)
    told, key = request.POST, request.POST.get("idempotency_key", "")
    if not key:
        raise KeyMissing
    reason = reason_from(told.get("reason", ""), told.get("note", ""))[:300]
    try:
        begun = services.start_handover(
            branch=code, public_id=ticket, target=told.get("branch", "")[:8], reason=reason, by=actor, key=key
        )
    except (Conflict, Invalid) as refusal:
        return _page(request, code, ticket, refusal.sentence, status=refusal.status)
    return HttpResponseRedirect(reverse("headquarters:handover", args=[begun.public_id]) + "?done=begun", status=303)


def _page(request: HttpRequest, code: str, ticket: str, refusal: str = "", *, status: int = 200) -> HttpResponse:
    """Ten queries besides who it is, one more where it was handed over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    branch = open_branch_for(actor, code)
    found = look_at_ticket(branch=branch, public_id=ticket, by=actor)
    context = {
        "ticket": found, "branch_of": name_of(branch), "code": branch.code, "read_at": clock.now(), "refusal": refusal,
        "handover": handovers_read.of_ticket(actor, branch, ticket, found.status),
        "reasons": REASONS["hand_over"].items(), "told": request.POST,
    }  # fmt: skip
    return render(request, "headquarters/ticket.html", context, status=status)
