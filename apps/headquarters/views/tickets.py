"""One ticket of a branch as headquarters may see it: read live, masked, nothing to press."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.headquarters.branches_read import name_of, open_branch_for
from apps.headquarters.services.looking import look_at_ticket
from steppe.kernel import clock


@never_cache
@require_GET
def page(request: HttpRequest, code: str, ticket: str) -> HttpResponse:
    """The ticket; the look stands in the branch's audit. Eight queries besides who it is."""
    actor = request.actor  # type: ignore[attr-defined]
    branch = open_branch_for(actor, code)
    found = look_at_ticket(branch=branch, public_id=ticket, by=actor)
    context = {"ticket": found, "branch_of": name_of(branch), "code": branch.code, "read_at": clock.now()}
    return render(request, "headquarters/ticket.html", context)
