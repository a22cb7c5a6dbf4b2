"""重估: an accountant says what one unit of an item is worth from now on; a colleague agrees on the document's page."""

from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.console.access import key_of, stock_reader
from apps.console.said import said
from apps.inventory import services, values_read
from apps.inventory.permissions import REVALUERS
from steppe.kernel.actors import require
from steppe.kernel.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What the branch has and what it is worth, with a field for each; POST asks for those that are filled in."""
    actor = stock_reader(request)
    require(actor, REVALUERS)
    query = said(request.GET, "q")
    given = {name: said(request.POST, name, 20) for name in request.POST if name.startswith("cost.")}
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            told = [_told(name.removeprefix("cost."), text) for name, text in given.items() if text]
            reason = said(request.POST, "reason", 200)
            done = services.write_revaluation(told=told, reason=reason, by=actor, key=key_of(request))
            return redirect("console:stock-document", done.public_id)
        except DomainError as error:
            refusal = error
    rows = values_read.worth_for(actor, query=query)
    context = {
        "rows": [(row, given.get(f"cost.{row.name}", "")) for row in rows], "query": query,
        "reason": said(request.POST, "reason", 200), "wrong": getattr(refusal, "fields", {}),
        "refusal": refusal.sentence if refusal else "",
    }  # fmt: skip
    return render(request, "console/stock/values.html", context, status=refusal.status if refusal else 200)


def _told(name: str, text: str) -> services.Told:
    """Yuan as people write them; what is no number is refused by the service."""
    item, _slash, batch = name.replace("\x00", "").partition("/")
    try:
        cost = Decimal(text) * 100
    except InvalidOperation:
        cost = Decimal("NaN")
    return services.Told(item, batch=batch, unit_cost=cost)
