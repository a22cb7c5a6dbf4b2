"""Disputes: what waits for this person's word, and one with all that was said of it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.console.access import key_of, settlement_reader
from apps.console.said import said, whole
from apps.console.settlement_form import number_of, wrong_of
from apps.costing import slip_read
from apps.costing.rules.settling import APPEALED
from apps.costing.services import dispute_decisions
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for this person. Two queries besides who it is."""
    rows = slip_read.disputes_waiting_for(settlement_reader(request))
    return render(request, "console/settlement/disputes.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One dispute; POST grants or refuses it. Two queries besides who it is."""
    actor = settlement_reader(request)
    if request.method == "GET":
        return _page(request, actor, name)
    appealed = slip_read.dispute_for(actor, name).state == APPEALED
    step = dispute_decisions.decide_dispute if appealed else dispute_decisions.answer_dispute
    told = {
        "grant": request.POST.get("grant") == "1", "text": said(request.POST, "text", 600),
        "points": number_of(request.POST, "points"),
    }  # fmt: skip
    try:
        step(public_id=name, version=whole(request.POST, "version"), **told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, name, refusal)
    return HttpResponseRedirect(reverse("console:settlement-dispute", args=[name]), status=303)


def _page(request: HttpRequest, actor: Actor, name: str, refusal: DomainError | None = None) -> HttpResponse:
    dispute = slip_read.dispute_for(actor, name)
    context = {
        "one": dispute, "line": dispute.line, "may": slip_read.may_answer(actor, dispute),
        "appealed": dispute.state == APPEALED, "refusal": refusal.sentence if refusal else "",
        "wrong": wrong_of(refusal), "given": request.POST,
    }  # fmt: skip
    return render(request, "console/settlement/dispute.html", context, status=refusal.status if refusal else 200)
