"""库位: stores and vans, opened here; what lies in one of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.console.access import key_of, stock_keeper, stock_reader
from apps.console.said import said, whole
from apps.inventory import labels, services, shelves_read
from apps.inventory.errors import BadItem
from apps.inventory.permissions import ITEM_KEEPERS
from apps.inventory.rules.items import CODE
from apps.inventory.rules.places import STORES
from apps.people import selectors as people
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError

FIELDS = ("kind", "code", "name", "unit")


@never_cache
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """Every place the reader may look into; POST opens a store. Three queries besides who it is."""
    if request.method == "GET":
        return _page(request, stock_reader(request))
    actor = stock_keeper(request)
    given = {name: said(request.POST, name) for name in FIELDS}
    try:
        if not CODE.fullmatch(given["code"]):
            raise BadItem({"code": [_("Latin letters, digits, - and _, at most 30 of them.")]})
        if not given["name"]:
            raise BadItem({"name": [_("Give it a name.")]})
        services.open_place(**given, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, given=given, refusal=refusal)
    return _done("opened")


@require_POST
def open_van(request: HttpRequest) -> HttpResponse:
    """The van of a technician."""
    actor, number = stock_keeper(request), whole(request.POST, "technician_id") or 0
    try:
        services.open_van(technician_id=number, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, van_refusal=refusal)
    return _done("van")


def _page(
    request: HttpRequest, actor: Actor, *, given: dict[str, str] | None = None, refusal: DomainError | None = None,
    van_refusal: DomainError | None = None,
) -> HttpResponse:  # fmt: skip
    lines, may = shelves_read.place_lines(actor), actor.holds(*ITEM_KEEPERS)
    with_van = {line.place.technician_id for line in lines}
    wrong = refusal or van_refusal
    context: dict[str, Any] = {
        "lines": lines, "may": may, "given": given or {"kind": "store"}, "wrong": getattr(refusal, "fields", {}),
        "kinds": [(kind, labels.word(labels.PLACES, kind)) for kind in STORES],
        "units": people.org_tree() if may else [],
        "crew": _without_van(with_van) if may else [],
        "refusal": wrong.sentence if wrong else "", "said": _said(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "console/stock/places.html", context, status=wrong.status if wrong else 200)


def _done(what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:stock-places')}?done={what}", status=303)


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {"opened": _("The place is open."), "van": _("The van is open.")}.get(done, "")


def _without_van(with_van: set[int | None]) -> list[tuple[int, str]]:
    return [(one.pk, one.user.name) for one in people.technicians_to_choose() if one.pk not in with_van]
