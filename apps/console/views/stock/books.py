"""What the books say: what lies where, now and at a past moment; the card of a shelf; the life of a number."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import stock_reader
from apps.console.said import day_begins, day_ends, said
from apps.inventory import books_read, selectors, shelves_read
from apps.inventory.errors import BadQuestion, ItemNotFound, PlaceNotFound
from steppe.kernel import clock
from steppe.kernel.errors import DomainError

FILTERS = ("place", "q", "category", "at")
CARD = ("place", "item", "batch", "from", "to")


@never_cache
@require_GET
def balances(request: HttpRequest) -> HttpResponse:
    """结存. Three queries besides who it is; one more for a place that is named."""
    actor, asked = stock_reader(request), asked_of(request)
    page = shelves_read.shelves_for(actor, **wanted(asked), after=request.GET.get("after", "")[:18])
    context: dict[str, Any] = {"rows": page.rows, "after": page.next_after, "asked": asked, "query": query_of(asked)}
    if getattr(request, "htmx", False):
        return render(request, "console/stock/_balances.html", context)
    context |= {
        "places": [(one.code, one.name) for one in selectors.places_for(actor)],
        "categories": shelves_read.categories(actor), "moment": moment_of(asked["at"]),
    }  # fmt: skip
    return render(request, "console/stock/balances.html", context)


@never_cache
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """台账: what happened to an item in a place. At most nine queries besides who it is."""
    actor = stock_reader(request)
    asked = {name: said(request.GET, name) for name in CARD}
    context: dict[str, Any] = {"asked": asked, "query": query_of(asked), "card": None}
    refusal: DomainError | None = None
    if asked["item"]:
        try:
            named = shelves_read.items_named(actor, [asked["item"]]).get(asked["item"])
            asked["item"] = named.code if named else asked["item"]
            context["card"] = books_read.card(actor, **_shelf(asked), after=request.GET.get("after", "")[:18])
        except (BadQuestion, ItemNotFound, PlaceNotFound) as error:
            refusal = error
    if getattr(request, "htmx", False) and context["card"]:
        return render(request, "console/stock/_card.html", context)
    context |= {
        "places": [(one.code, one.name) for one in selectors.places_for(actor)],
        "goods": shelves_read.goods_to_choose(actor), "wrong": getattr(refusal, "fields", {}),
        "refusal": refusal.sentence if refusal else "",
    }  # fmt: skip
    return render(request, "console/stock/card.html", context, status=refusal.status if refusal else 200)


@never_cache
@require_GET
def serial(request: HttpRequest, number: str) -> HttpResponse:
    """The life of a number: where it has been, every ticket, who. Two queries besides who it is."""
    lives = books_read.lives_of(stock_reader(request), number)
    shown = [{"unit": life.unit, "steps": list(reversed(life.steps))} for life in lives]
    return render(request, "console/stock/serial.html", {"lives": shown, "number": lives[0].unit.number})


def asked_of(request: HttpRequest) -> dict[str, str]:
    return {name: said(request.GET, name) for name in FILTERS}


def wanted(asked: dict[str, str]) -> dict[str, Any]:
    """The filters for the selector."""
    told = {"place": asked["place"], "query": asked["q"], "category": asked["category"]}
    return told | {"moment": moment_of(asked["at"])}


def moment_of(text: str) -> datetime | None:
    """A minute as a browser's field writes it, in the branch's time; nonsense is now."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=clock.BUSINESS_ZONE) if found and found.tzinfo is None else found


def query_of(asked: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value})
    return query.urlencode()


def _shelf(asked: dict[str, str]) -> dict[str, Any]:
    if not asked["place"]:
        raise BadQuestion({"place": [_("Choose a place.")]})
    shelf = {name: asked[name] for name in ("place", "item", "batch")}
    return {**shelf, "start": day_begins(asked["from"]), "until": day_ends(asked["to"])}
