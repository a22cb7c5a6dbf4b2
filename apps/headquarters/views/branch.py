"""分公司卡片: one branch in one look, from figures only; and where its seat stands on the map."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.headquarters import given
from apps.headquarters.branches_read import branch_for, name_of, seat_of
from apps.headquarters.permissions import PLACERS
from apps.headquarters.reporting.card import card_of
from apps.headquarters.reporting.told import told
from apps.headquarters.reporting.ways import HEADQUARTERS
from apps.headquarters.services.placing import place_branch
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import DomainError, KeyMissing


@never_cache
@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Its KPIs against before and last year, its grids. Fifteen queries besides who it is."""
    return _card(request, request.actor, code)  # type: ignore[attr-defined]


@require_POST
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Its seat on the map; refused, the card shows why and keeps what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, PLACERS)
    found, key = branch_for(actor, code), request.POST.get("idempotency_key", "")
    if not key:
        raise KeyMissing
    try:
        lat, lng = given.text(request.POST, "lat", 12), given.text(request.POST, "lng", 12)
        place_branch(branch=found, lat=lat, lng=lng, by=actor, key=key)
    except DomainError as refusal:
        return _card(request, actor, code, refusal)
    return HttpResponseRedirect(f"{reverse('headquarters:branch', args=[code])}?placed=1", status=303)


def _card(request: HttpRequest, actor: Actor, code: str, refusal: DomainError | None = None) -> HttpResponse:
    found = branch_for(actor, code)
    seat = seat_of(found) or ("", "")
    context: dict[str, Any] = card_of(actor, HEADQUARTERS, told(request.GET, branch=found.code)) | {
        "name": name_of(found), "code": found.code, "state": found.status, "may_place": actor.holds(*PLACERS),
        "seat": {"lat": seat[0], "lng": seat[1]} | ({} if refusal is None else request.POST.dict()),
        "refusal": refusal.sentence if refusal else "", "placed": request.GET.get("placed") == "1",
    }  # fmt: skip
    return render(request, "headquarters/branch.html", context, status=refusal.status if refusal else 200)
