"""What was paid on the way to the own ticket: tolls, lodging, an outside team. A colleague agrees at the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.costing import expenses_read, money_words
from apps.costing.rules.spending import KINDS
from apps.costing.services import expenses as services
from apps.mobile.entry import Request, technician_only
from apps.mobile.numbers import fen_of
from apps.mobile.views import _answers as answer
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotFound

PAGE = "mobile:w-expenses"


@technician_only
@require_http_methods(["GET", "POST"])
def expenses(request: Request, public_id: str) -> HttpResponse:
    """The ticket's expenses, and a form for one more; POST enters it or takes one back. Three queries besides who."""
    _own(request, public_id)
    if request.method == "GET":
        return _page(request, public_id)
    try:
        done = _withdraw(request) if request.POST.get("do") == "withdraw" else _enter(request, public_id)
    except (Conflict, Invalid, NotFound) as refusal:
        return _page(request, public_id, refusal)
    return answer.see_other(f"{reverse(PAGE, args=[public_id])}?done={done}")


def _own(request: Request, public_id: str) -> tickets.TicketView:
    """Only who has or had the ticket at the end. Raises TicketNotFound."""
    view = tickets.ticket_for(request.actor, public_id)
    if view.ticket.technician_id != request.actor.technician_id or view.ticket.status in services.NOT_YET:
        raise TicketNotFound
    return view


def _enter(request: Request, public_id: str) -> str:
    told = {name: request.POST.get(name, "").replace("\x00", "")[:200] for name in ("code", "receipt_no", "note")}
    fen = fen_of(request.POST, "fen")
    services.enter_expense(public_id=public_id, fen=fen, **told, by=request.actor, key=answer.key_of(request))
    return "entered"


def _withdraw(request: Request) -> str:
    name = request.POST.get("expense", "").replace("\x00", "")[:16]
    services.withdraw_expense(
        public_id=name, version=answer.version_of(request), by=request.actor, key=answer.key_of(request)
    )
    return "withdrawn"


def _page(request: Request, public_id: str, refusal: DomainError | None = None) -> HttpResponse:
    view = _own(request, public_id)
    said = {"entered": _("Entered; a colleague decides about it."), "withdrawn": _("Taken back.")}
    context = {
        "ticket": view.ticket, "given": request.POST if refusal else {},
        "rows": [
            (one, money_words.word(money_words.SPENDING, one.code), money_words.word(money_words.STATES, one.state),
             one.state == "proposed" and one.entered_by == request.actor.ref)
            for one in expenses_read.of_ticket(request.actor, public_id)
        ],
        "kinds": [(code, money_words.word(money_words.SPENDING, code)) for code in KINDS],
        "refusal": refusal.sentence if refusal else "", "wrong": refusal.fields if isinstance(refusal, Invalid) else {},
        "said": said.get(request.GET.get("done", ""), "") if not refusal else "",
    }  # fmt: skip
    return render(request, "mobile/expenses.html", context, status=refusal.status if refusal else 200)
