"""What ends a document and needs a form: what arrived of a shipment, and why a posted document is taken back."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.console.access import key_of, stock_keeper, stock_reader
from apps.console.said import said
from apps.console.stock_draft import decimal, plain
from apps.console.views.stock.papers import done, sentences, version_of
from apps.inventory import papers_read, selectors, services
from apps.inventory.errors import BadDocument, WrongState
from apps.inventory.papers_read import Paper
from apps.inventory.rules.serials import read_list
from apps.inventory.steps_read import steps_for
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError

MOST = 1_500_000  # letters of a list of numbers


@never_cache
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """What arrived: quantities as sent, numbers by scan. What is missing opens a claim."""
    actor, paper, given = _asked(request, number, "receive")
    if request.method == "GET":
        return _receive_page(request, paper, {})
    try:
        told = _arrived(paper, given)
        receipt = services.receive_transfer(
            number=number, version=version_of(request), by=actor, key=key_of(request), **told
        )  # fmt: skip
    except DomainError as refusal:
        return _receive_page(request, paper, given, refusal)
    return done(number, "claim" if receipt.facts.get("claim") else "receive")


@never_cache
@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, number: str) -> HttpResponse:
    """What the opposite entry will do, and the reason for it."""
    actor, paper, given = _asked(request, number, "reverse")
    if request.method == "GET":
        return _reverse_page(request, actor, paper, given)
    try:
        services.reverse_document(
            number=number, reason=given.get("reason", ""), version=version_of(request), by=actor, key=key_of(request)
        )  # fmt: skip
    except DomainError as refusal:
        return _reverse_page(request, actor, paper, given, refusal)
    return done(number, "reverse")


def _asked(request: HttpRequest, number: str, step: str) -> tuple[Actor, Paper, dict[str, str]]:
    """Who asks and about what. Raises NotAllowed, DocumentNotFound; WrongState for a form nobody may send."""
    actor = stock_reader(request) if step == "reverse" else stock_keeper(request)
    paper = papers_read.document_for(actor, number)
    if request.method == "GET" and step not in steps_for(actor, paper.document):
        raise WrongState(number=number)
    return actor, paper, {name: said(request.POST, name, MOST) for name in request.POST}


def _arrived(paper: Paper, given: dict[str, str]) -> dict[str, Any]:
    """As the service takes it. `all` ticked: everything arrived as it was sent. Raises BadDocument."""
    if given.get("all"):
        return {}
    good, bad = read_list(given.get("scanned", ""))
    wrong: dict[str, list[str]] = {}
    if bad:
        wrong["scanned"] = [_("These cannot be numbers: %(numbers)s.") % {"numbers": ", ".join(bad[:5])}]
    received: dict[str, Decimal] = {}
    for place, line in enumerate(paper.lines):
        if line.item.by_number:
            continue
        found = decimal(given.get(f"came.{place}", ""))
        if found is None:
            wrong[f"came.{place}"] = [_("Please write a number.")]
        else:
            received[f"{line.item.code}/{line.batch.number}" if line.batch else line.item.code] = found
    if wrong:
        raise BadDocument(wrong)
    numbered = any(line.item.by_number for line in paper.lines)
    return {"received": received, "scanned": good if numbered else None}


def _receive_page(
    request: HttpRequest, paper: Paper, given: dict[str, str], refusal: DomainError | None = None
) -> HttpResponse:
    wrong = getattr(refusal, "fields", {})
    lines = []
    for place, line in enumerate(paper.lines):
        name = f"{line.item.code}/{line.batch.number}" if line.batch else line.item.code
        lines.append({
            "n": place, "line": line, "came": given.get(f"came.{place}", plain(line.quantity)),
            "wrong": wrong.get(f"came.{place}") or wrong.get(f"received.{name}"),
        })  # fmt: skip
    context = {
        "document": paper.document, "lines": lines, "numbered": any(line.item.by_number for line in paper.lines),
        "given": given, "wrong": wrong, "refusal": refusal.sentence if refusal else "",
    }  # fmt: skip
    return render(request, "console/stock/receive.html", context, status=refusal.status if refusal else 200)


def _reverse_page(
    request: HttpRequest, actor: Actor, paper: Paper, given: dict[str, str], refusal: DomainError | None = None
) -> HttpResponse:
    context = {
        "document": paper.document, "lines": paper.lines, "given": given, "costs": selectors.sees_costs(actor),
        "wrong": getattr(refusal, "fields", {}), "refusal": refusal.sentence if refusal else "",
        "more": sentences(refusal),
    }  # fmt: skip
    return render(request, "console/stock/reverse.html", context, status=refusal.status if refusal else 200)
