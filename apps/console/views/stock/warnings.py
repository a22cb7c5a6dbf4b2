"""预警: what has too little or lies too long; the levels of a place, and a look at all shelves now."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import key_of, stock_keeper, stock_reader
from apps.console.said import said
from apps.console.views.stock.books import query_of
from apps.inventory import report_words as words
from apps.inventory import selectors, services, shelves_read, warnings_read
from apps.inventory.errors import BadItem
from apps.inventory.rules.places import STORES
from apps.inventory.rules.watching import KINDS
from steppe.kernel.errors import DomainError
from tenants.context import policy

FILTERS = ("kind", "place")
LEVEL = ("place", "item", "min_level", "lead_days")


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The open ones, page by page. At most five queries besides who it is."""
    actor = stock_reader(request)
    asked = {name: said(request.GET, name, 30) for name in FILTERS}
    asked["kind"] = asked["kind"] if asked["kind"] in KINDS else ""
    after = said(request.GET, "after", 18)
    found = warnings_read.warnings_for(actor, kind=asked["kind"], place=asked["place"], after=after)
    context: dict[str, Any] = {"rows": found.rows, "after": found.next_after, "asked": asked, "query": query_of(asked)}
    if getattr(request, "htmx", False):
        return render(request, "console/stock/_warnings.html", context)
    counts, rules = warnings_read.counts_for(actor), policy()
    context |= {
        "kinds": [(kind, str(words.WARNINGS[kind]), counts.of[kind]) for kind in KINDS], "counts": counts,
        "places": [(one.code, one.name) for one in selectors.places_for(actor) if one.kind in (*STORES, "van")],
        "may": warnings_read.may_look_now(actor), "rules": rules, "said": _said(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "console/stock/warnings.html", context)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """All shelves now instead of in the night."""
    services.note_warnings(by=stock_keeper(request), key=key_of(request))
    return HttpResponseRedirect(f"{reverse('console:stock-warnings')}?done=looked", status=303)


@never_cache
@require_http_methods(["GET", "POST"])
def levels(request: HttpRequest) -> HttpResponse:
    """What a place should have; POST sets one. Five queries besides who it is."""
    actor = stock_reader(request) if request.method == "GET" else stock_keeper(request)
    given = {name: said(request.POST, name) or said(request.GET, name) for name in LEVEL}
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            told = _read(given, shelves_read.items_named(actor, [given["item"]]))
            services.set_level(**told, by=actor, key=key_of(request))
            where = urlencode({"place": given["place"], "done": "set"})
            return HttpResponseRedirect(f"{reverse('console:stock-levels')}?{where}", status=303)
        except DomainError as error:
            refusal = error
    places = [one for one in selectors.places_for(actor) if one.kind in (*STORES, "van")]
    here = given["place"] if given["place"] in {one.code for one in places} else places[0].code if places else ""
    context = {
        "places": [(one.code, one.name) for one in places], "here": here, "given": given,
        "levels": warnings_read.levels_of(actor, here) if here else [], "goods": shelves_read.goods_to_choose(actor),
        "may": warnings_read.may_look_now(actor), "rules": policy(), "wrong": getattr(refusal, "fields", {}),
        "refusal": refusal.sentence if refusal else "", "said": _said(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "console/stock/levels.html", context, status=refusal.status if refusal else 200)


def _read(given: dict[str, str], named: dict[str, Any]) -> dict[str, Any]:
    """The form as the service takes it; an item as people wrote it. Raises BadItem."""
    item = named[given["item"]].code if given["item"] in named else given["item"]
    try:
        least = Decimal(given["min_level"] or "0")
    except InvalidOperation:
        raise BadItem({"min_level": [_("A quantity of this item, please; nothing for no level.")]}) from None
    days = given["lead_days"]
    if days and not (days.isdecimal() and len(days) < 5):
        raise BadItem({"lead_days": [_("Between 0 and %(most)s days.") % {"most": 365}]})
    return {"place": given["place"], "item": item, "min_level": least, "lead_days": int(days) if days else None}


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {"looked": _("All shelves were looked at just now."), "set": _("The level is kept.")}.get(done, "")
