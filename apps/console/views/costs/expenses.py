"""费用: what was paid on the way, for who agrees to it and for who enters it at a desk."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import expense_approver, expense_reader, key_of
from apps.console.said import said, whole
from apps.costing import expenses_read, money_words
from apps.costing.money_errors import BadExpense
from apps.costing.money_permissions import SPENDERS
from apps.costing.rules.spending import KINDS, PROPOSED, STATES
from apps.costing.services import expenses as services
from apps.tickets import selectors as tickets
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import DomainError

STEPS = {
    "approve": services.approve_expense, "refuse": services.refuse_expense, "reverse": services.reverse_expense,
}  # fmt: skip


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What waits first; by state. Two queries besides who it is."""
    return _shown(request, expense_reader(request))


@require_POST
def decide(request: HttpRequest, expense: str, step: str) -> HttpResponse:
    """Agree, refuse, take back; refused, the list shows why."""
    actor = expense_approver(request)
    if step not in STEPS:
        raise Http404
    try:
        told = {"version": whole(request.POST, "version"), "answer": said(request.POST, "answer", 200)}
        STEPS[step](public_id=expense, **told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _shown(request, actor, refusal, expense)
    state = said(request.POST, "state", 12)
    return HttpResponseRedirect(f"{reverse('console:costs-expenses')}?done={step}&state={state}", status=303)


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Something was paid for a ticket in the own scope: by who leads or dispatches there."""
    actor = expense_reader(request)
    require(actor, SPENDERS)
    refusal: DomainError | None = None
    ticket = said(request.GET, "ticket", 16) or said(request.POST, "ticket", 16)
    if request.method == "POST":
        try:
            told = {name: said(request.POST, name, 200) for name in ("code", "receipt_no", "note")}
            fen = _fen(said(request.POST, "fen", 20))
            services.enter_expense(public_id=ticket, fen=fen, **told, by=actor, key=key_of(request))
            return HttpResponseRedirect(f"{reverse('console:costs-expenses')}?done=enter", status=303)
        except BadExpense as error:
            refusal = error
    context = {
        "ticket": tickets.ticket_for(actor, ticket).ticket, "kinds": _kinds(), "given": request.POST,
        "wrong": getattr(refusal, "fields", {}), "refusal": refusal.sentence if refusal else "",
    }  # fmt: skip
    return render(request, "console/costs/expense_new.html", context, status=refusal.status if refusal else 200)


def _shown(request: HttpRequest, actor: Actor, refusal: DomainError | None = None, about: str = "") -> HttpResponse:
    source = request.POST if request.method == "POST" else request.GET
    state = said(source, "state", 12) if said(source, "state", 12) in (*STATES, "all") else PROPOSED
    page = expenses_read.expenses_for(
        actor, state="" if state == "all" else state, after=said(request.GET, "after", 18)
    )
    context: dict[str, Any] = {
        "rows": [(one, expenses_read.may_decide(actor, one)) for one in page.rows], "after": page.next_after,
        "state": state, "states": [(code, money_words.word(money_words.STATES, code)) for code in STATES],
        "refusal": _why(refusal), "about": about, "said": _said(request.GET.get("done", "")) if not refusal else "",
        "answer": said(request.POST, "answer", 200),
    }  # fmt: skip
    return render(request, "console/costs/expenses.html", context, status=refusal.status if refusal else 200)


def _why(refusal: DomainError | None) -> str:
    fields = getattr(refusal, "fields", {})
    return " ".join(one for told in fields.values() for one in told) or (refusal.sentence if refusal else "")


def _kinds() -> list[tuple[str, str]]:
    return [(code, money_words.word(money_words.SPENDING, code)) for code in KINDS]


def _fen(text: str) -> int:
    """Yuan as people write them; what is no amount is nothing, and the service says so at the field."""
    try:
        amount = Decimal(text.replace(",", "")) * 100
        return int(amount) if amount == int(amount) else 0
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def _said(done: str) -> str:
    return {
        "approve": _("Approved; it stands in the ticket's account."), "refuse": _("Refused."),
        "reverse": _("Taken out of the account again."), "enter": _("Entered; a colleague decides about it."),
    }.get(done, "")  # fmt: skip
