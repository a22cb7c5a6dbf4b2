"""核定解锁: headquarters opens a locked settlement month of a branch anew, or a closed month of costs: with a reason,
and as a new version.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.costing.permissions import UNLOCKERS
from apps.costing.services.cost_months import reopen_branch_month
from apps.costing.services.unlocking import unlock_month
from apps.costing.unlock_read import cost_months_of, months_of
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import DomainError
from tenants.context import active_branches
from tenants.models import Tenant

LONGEST = 300
BOOKS = {"points": unlock_month, "costs": reopen_branch_month}


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The months of one chosen branch; POST opens one of its `book`. Five queries besides who it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, UNLOCKERS)
    branches = active_branches()
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(branches, given.get("branch", ""))
    if request.method == "GET":
        return _page(request, actor, branches, chosen)
    step = BOOKS.get(given.get("book", "points"))
    if chosen is None or step is None:
        raise Http404
    month, reason = given.get("month", "")[:7], given.get("reason", "").replace("\x00", "")[:LONGEST]
    try:
        step(branch=chosen, month=month, reason=reason, by=actor, key=request.POST.get("idempotency_key", ""))
    except DomainError as refusal:
        return _page(request, actor, branches, chosen, refusal)
    query = urlencode({"branch": chosen.slug, "done": month})
    return HttpResponseRedirect(f"{reverse('headquarters:settlement')}?{query}", status=303)


def _chosen(branches: list[Tenant], slug: str) -> Tenant | None:
    return next((one for one in branches if one.slug == slug), None)


def _page(
    request: HttpRequest, actor: Actor, branches: list[Tenant], chosen: Tenant | None,
    refusal: DomainError | None = None,
) -> HttpResponse:  # fmt: skip
    fields = getattr(refusal, "fields", {})
    told = [sentence for several in fields.values() for sentence in several]
    context = {
        "branches": branches, "chosen": chosen, "months": months_of(chosen, actor) if chosen else [],
        "costs": cost_months_of(chosen, actor) if chosen else [],
        "refusal": " ".join(told) or (refusal.sentence if refusal else ""), "given": request.POST,
        "done": request.GET.get("done", "")[:7],
    }  # fmt: skip
    return render(request, "headquarters/settlement.html", context, status=refusal.status if refusal else 200)
