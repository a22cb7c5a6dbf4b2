"""Money and stock of all branches in a month, and one branch's twelve months: what the branches' own rooms say."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.costing import money_words
from apps.headquarters import months_read
from apps.headquarters.months_read import Line
from apps.headquarters.rules.months import is_month, month_of
from steppe.kernel import clock
from steppe.kernel.actors import Actor

CODE = 8
Row = tuple[str, Line]  # what stands in the address below it, and the figures


@never_cache
@require_GET
def money(request: HttpRequest) -> HttpResponse:
    """核定与成本: settlement, points, pay, costs, revenue, budgets. Three queries besides who it is."""
    context = _asked(request) | {"elements": list(money_words.ELEMENTS.items())}
    return render(request, "headquarters/money.html", context)


@never_cache
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """库存: value, turns, counts, devices, shelves that want an eye. Three queries besides who it is."""
    return render(request, "headquarters/stock.html", _asked(request))


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Raises NotAllowed, NoSuchBranch."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    told, code = request.GET.get("month", ""), request.GET.get("branch", "").replace("\x00", "")[:CODE]
    now = month_of(clock.now())
    month = told if is_month(told) and "2000" < told <= now else now
    before, after = months_read.ways(month)
    base = {"month": month, "before": before, "after": after if after <= now else "", "code": code}
    if not code:
        page = months_read.month_of_all(actor, month)
        rows = [(f"?month={month}&branch={line.branch.code}" if line.branch else "", line) for line in page.lines]
        return base | {"page": page, "rows": rows}
    branch, page = months_read.months_of_one(actor, code, month)
    return base | {"page": page, "only": branch, "rows": [(f"?month={line.month}", line) for line in page.lines]}
