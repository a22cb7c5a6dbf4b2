"""Down from the month: by one dimension after the other, to the tickets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import money_reader
from apps.console.said import said, whole
from apps.console.views.costs._asked import asked
from apps.costing import money_words
from apps.costing import profit_read as profit

CHARTED = 12  # bars that can still be told apart; the table has all of them
LISTED = 300


@never_cache
@require_GET
def by(request: HttpRequest, dimension: str) -> HttpResponse:
    """One row for each value. Seven queries besides who it is, one more for each step we are down."""
    actor = money_reader(request)
    if dimension not in profit.DIMENSIONS:
        raise Http404
    told = asked(request, actor)
    rows = profit.by_dimension(actor, dimension, told.where)
    context = {
        "asked": told, "dimension": dimension, "title": money_words.word(money_words.DIMENSIONS, dimension),
        "rows": [(one, told.narrowed(dimension, one.key), place < CHARTED) for place, one in enumerate(rows[:LISTED])],
        "more": max(len(rows) - LISTED, 0), "total": profit.month_of(actor, told.where), "crumbs": told.crumbs(),
        "elements": list(money_words.ELEMENTS.items()), "dimensions": told.open_dimensions(),
    }  # fmt: skip
    return render(request, "console/costs/by.html", context)


@never_cache
@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """The tickets behind a figure. Seven queries besides who it is, one more for each step we are down."""
    actor = money_reader(request)
    told = asked(request, actor)
    query, sort = said(request.GET, "q", 24), said(request.GET, "sort", 16) or "-cost"
    page = profit.tickets_of(actor, told.where, query=query, sort=sort, page=whole(request.GET, "page") or 1)
    context = {
        "asked": told, "page": page, "q": query, "sort": sort, "crumbs": told.crumbs(),
        "dimensions": told.open_dimensions(), "here": f"{told.query}&{urlencode({'q': query, 'sort': sort})}",
        "sorted": f"{told.query}&{urlencode({'q': query})}",
        "check": money_words.word(money_words.CHECKS, told.check) if told.check else "",
        "elements": list(money_words.ELEMENTS.items()),
    }  # fmt: skip
    return render(request, "console/costs/tickets.html", context)
