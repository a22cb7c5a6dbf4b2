"""结账: the months of costs, open and closed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, money_reader
from apps.costing import control_read
from apps.costing import profit_read as profit
from apps.costing.money_permissions import COST_CLOSERS
from apps.costing.services import cost_months
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The newest first. Three queries besides who it is."""
    return _shown(request, money_reader(request))


@require_POST
def close(request: HttpRequest, month: str) -> HttpResponse:
    """No more lines in it; what comes late stands in the next one."""
    actor = money_reader(request)
    try:
        cost_months.close_cost_month(month=month, by=actor, key=key_of(request))
    except DomainError as refusal:
        if refusal.status == 403:
            raise
        return _shown(request, actor, refusal)
    return HttpResponseRedirect(f"{reverse('console:costs-months')}?done={month}", status=303)


def _shown(request: HttpRequest, actor: Actor, refusal: DomainError | None = None) -> HttpResponse:
    money = {one.key: one for one in profit.by_month(actor, "9999-12")}
    rows = [(one, money.get(one.month), cost_months.is_over(one.month)) for one in control_read.months(actor)]
    context = {
        "rows": rows, "may": actor.holds(*COST_CLOSERS), "refusal": refusal.sentence if refusal else "",
        "done": request.GET.get("done", "")[:7] if not refusal else "",
    }  # fmt: skip
    return render(request, "console/costs/months.html", context, status=refusal.status if refusal else 200)
