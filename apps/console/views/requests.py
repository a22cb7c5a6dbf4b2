"""What waits for a decision: who asks for what and why, and yes or no beside it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import actor_for, key_of, requests_reader
from apps.console.rows import row_of
from apps.console.ticket_page import Asked, asked_words
from apps.tickets import services
from apps.tickets.compensations_read import owed
from apps.tickets.requests_read import Waiting, types_named, waiting_for
from apps.tickets.sentences import Names
from apps.tickets.step_forms import StepForm, decisions
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid

if TYPE_CHECKING:
    from apps.console.rows import Row
    from apps.tickets.models import Ticket


@dataclass(frozen=True)
class Line:
    """A request, its ticket and what the reader may say to it."""

    asked: Asked
    ticket: "Ticket"
    row: "Row"
    decisions: list[type[StepForm]]


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The oldest first; what one asked for oneself stands below, to be taken back; then what customers are owed."""
    return _page(request, requests_reader(request))


@require_POST
def compensate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Past the law's limit: so much is owed, or nothing and why."""
    actor = actor_for(request, "compensate")
    try:
        services.decide_compensation(
            public_id=public_id, amount_fen=_fen(request.POST.get("yuan", "")), note=request.POST.get("note", ""),
            version=_version(request), by=actor, key=key_of(request),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _page(request, actor, refusal, public_id)
    return HttpResponseRedirect(f"{reverse('console:requests')}?done=decided", status=303)


def _fen(text: str) -> int:
    """Whole fen. Raises Invalid for what is no amount."""
    try:
        fen = Decimal(text.strip()) * 100
        if fen == fen.to_integral_value():
            return int(fen)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise Invalid({"amount_fen": [_("Please enter an amount in yuan; 0 if none is due.")]})


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def _page(request: HttpRequest, actor: Actor, refusal: DomainError | None = None, tried: str = "") -> HttpResponse:
    found, due = waiting_for(actor), owed(actor)
    names = Names(types=types_named(one.request for one in found))
    context = {
        "theirs": [_line(one, actor, names) for one in found if not one.mine],
        "mine": [_line(one, actor, names) for one in found if one.mine],
        "owed": due, "tried": tried, "given": request.POST, "sentence": _sentence(refusal),
        "said": _("Decided. It stands in the history of the ticket.") if request.GET.get("done") == "decided" else "",
    }  # fmt: skip
    if tried not in [one.ticket.public_id for one in due]:  # decided by somebody else: its form is gone
        context["refusal"] = context["sentence"]
    part = getattr(request, "htmx", False)
    status = refusal.status if refusal else 200
    return render(request, "console/_requests.html" if part else "console/requests.html", context, status=status)


def _sentence(refusal: DomainError | None) -> str:
    """What stands at the form: the field's own sentence, or the refusal's."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    said = [one for sentences in fields.values() for one in sentences]
    return " ".join(said) if said else refusal.sentence if refusal else ""


def _line(waiting: Waiting, actor: Actor, names: Names) -> Line:
    given = decisions(waiting.request, waiting.view, actor)
    return Line(asked_words(waiting.request, names), waiting.view.ticket, row_of(waiting.view), given)
