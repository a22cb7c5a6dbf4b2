"""One ticket's account: every line with what it comes from, and each time it was frozen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, money_reader
from apps.console.cost_block import elements_of
from apps.console.said import said
from apps.costing import expenses_read
from apps.costing import profit_read as profit
from apps.costing.money_permissions import COST_CLOSERS, EXPENSE_READERS
from apps.costing.services import accounts
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid


@never_cache
@require_GET
def page(request: HttpRequest, ticket: str) -> HttpResponse:
    """The account. Four queries besides who it is."""
    return _shown(request, money_reader(request), ticket)


@require_POST
def recalculate(request: HttpRequest, ticket: str) -> HttpResponse:
    """Compared with its sources once more; what was missing is a version of its own."""
    actor = money_reader(request)
    try:
        reason = said(request.POST, "reason", 200)
        done = accounts.recalculate_account(public_id=ticket, reason=reason, by=actor, key=key_of(request))
    except Invalid as refusal:
        return _shown(request, actor, ticket, refusal)
    where = redirect("console:costs-ticket", ticket)
    where["Location"] += f"?written={done.facts['lines']}"
    where.status_code = 303
    return where


def _shown(request: HttpRequest, actor: Actor, ticket: str, refusal: Invalid | None = None) -> HttpResponse:
    sheet = profit.sheet_for(actor, ticket)
    spent = expenses_read.expenses_for(actor, ticket=ticket).rows if actor.holds(*EXPENSE_READERS) else ()
    written = said(request.GET, "written", 4)
    context = {
        "sheet": sheet, "lines": [(one, *profit.source_of(one)) for one in sheet.lines], "elements": elements_of(sheet),
        "expenses": spent, "may_recalculate": actor.holds(*COST_CLOSERS),
        "wrong": refusal.fields if refusal else {}, "written": int(written) if written.isdecimal() else None,
    }  # fmt: skip
    return render(request, "console/costs/sheet.html", context, status=refusal.status if refusal else 200)
