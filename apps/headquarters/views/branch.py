"""分公司卡片: one branch in one look, from figures only; and where it stands on the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.headquarters.branches_read import branch_for, name_of
from apps.headquarters.reporting.card import card_of
from apps.headquarters.reporting.told import told
from apps.headquarters.reporting.ways import HEADQUARTERS


@never_cache
@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Its KPIs against before and last year, its grids. Fifteen queries besides who it is."""
    actor = request.actor  # type: ignore[attr-defined]
    found = branch_for(actor, code)
    context = card_of(actor, HEADQUARTERS, told(request.GET, branch=found.code))
    return render(
        request,
        "headquarters/branch.html",
        context | {"name": name_of(found), "code": found.code, "state": found.status},
    )
