"""免责: a broken time limit that was nobody's fault is taken out of the figures, by name and with a reason."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.console.access import actor_for, key_of
from apps.tickets import clock_read, labels, selectors, services
from apps.tickets.clock_words import broken
from apps.tickets.errors import BreachNotFound
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ticket's breaches, each with a form for its reason."""
    actor = actor_for(request, "exempt")
    if request.method == "GET":
        return _page(request, actor, public_id)
    try:
        services.exempt_breach(
            public_id=public_id, breach_id=_number(request, "breach"), reason=request.POST.get("reason", ""),
            version=_number(request, "version"), by=actor, key=key_of(request),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _page(request, actor, public_id, refusal)
    return HttpResponseRedirect(reverse("console:exempt", args=[public_id]), status=303)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BreachNotFound
    return int(text)


def _page(
    request: HttpRequest, actor: Actor, public_id: str, refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    """Six queries besides who it is."""
    view = selectors.ticket_for(actor, public_id)
    ticket = view.ticket
    found = clock_read.clocks_of(ticket, selectors.history(ticket), reveal=view.reveal)
    rows = [(one, labels.word(labels.CLOCKS, one.clock), broken(one)) for one in found.breaches]
    context = {"ticket": ticket, "rows": rows}
    if refusal is not None:
        context |= {
            "refusal": refusal.sentence,
            "tried": request.POST.get("breach"),
            "reason": request.POST.get("reason"),
        }
    return render(request, "console/exempt.html", context, status=refusal.status if refusal else 200)
