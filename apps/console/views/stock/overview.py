"""What waits for this person in stock, and one box that finds an item, a number or a document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import stock_reader
from apps.console.said import said
from apps.inventory import books_read, papers_read, report_words, stocktake_read, warnings_read
from apps.inventory.errors import DocumentNotFound, SerialNotFound
from apps.inventory.labels import KINDS, word
from apps.inventory.rules.documents import KINDS as RULES
from steppe.kernel.actors import Actor

SHOWN = 8


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The first page of stock. At most three queries besides who it is."""
    actor = stock_reader(request)
    waiting = papers_read.waiting_for(actor)
    parts = {
        "to_approve": waiting.to_approve, "unfinished": waiting.unfinished, "asked": waiting.asked,
        "on_the_way": waiting.on_the_way, "claims": waiting.claims,
    }  # fmt: skip
    context: dict[str, Any] = {name: {"rows": rows[:SHOWN], "n": len(rows)} for name, rows in parts.items()}
    context |= {"counts": stocktake_read.to_decide_for(actor), "kinds": kinds_by_hand(), "warned": _warned(actor)}
    return render(request, "console/stock/overview.html", context)


def _warned(actor: Actor) -> list[tuple[str, str, int]]:
    """How many shelves need somebody's eye, by kind; nothing of a kind is no entry."""
    of = warnings_read.counts_for(actor).of
    return [(kind, str(report_words.WARNINGS[kind]), n) for kind, n in of.items() if n]


@never_cache
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """To the document or the number that is called so, else to the items. At most eight queries."""
    actor, words = stock_reader(request), said(request.GET, "q")
    if _is_document(actor, words):
        return redirect("console:stock-document", words.upper())
    if unit := _unit(actor, words):
        return redirect("console:stock-serial", unit)
    return redirect(f"{reverse('console:stock-items')}?{urlencode({'q': words})}")


def kinds_by_hand() -> list[tuple[str, str]]:
    """What a storekeeper may write, in the order of the table."""
    return [(code, word(KINDS, code)) for code, rule in RULES.items() if rule.by_hand]


def _is_document(actor: Actor, words: str) -> bool:
    try:
        papers_read.document_for(actor, words.upper())
    except DocumentNotFound:
        return False
    return True


def _unit(actor: Actor, words: str) -> str:
    """The number as the books write it; empty when nobody has it."""
    try:
        return books_read.lives_of(actor, words)[0].unit.number if words else ""
    except SerialNotFound:
        return ""
