"""Paper: a document on A4 with lines to sign, and labels with a QR code (and bars for plain scanners)."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import stock_reader
from apps.console.bars import drawn
from apps.console.said import said
from apps.console.views.stock.papers import line_row, worth_of
from apps.inventory import books_read, labels, papers_read, selectors
from apps.inventory.papers_read import people_of
from apps.inventory.rules.documents import KINDS
from steppe.kernel.actors import Actor

MOST = 240  # labels at once: ten pages
NUMBERS = 200  # of a line on paper


@never_cache
@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The paper to be signed. Four queries besides who it is."""
    actor = stock_reader(request)
    paper = papers_read.document_for(actor, number)
    one = paper.document
    context = {
        "document": one, "lines": [line_row(line, NUMBERS) for line in paper.lines], "names": people_of(one),
        "state": labels.word(labels.STATES, one.state), "drawing": qr(one.number),
        "costed": KINDS[one.kind].costed and selectors.sees_costs(actor),
        "total": sum((worth_of(line) for line in paper.lines), start=0),
    }  # fmt: skip
    return render(request, "console/stock/print.html", context)


@never_cache
@require_GET
def label_sheet(request: HttpRequest) -> HttpResponse:
    """Labels of the items, of the numbers, or of every numbered unit of a document."""
    actor = stock_reader(request)
    found = [*_of_items(actor, request), *_of_units(actor, request), *_of_document(actor, request)]
    context = {"cards": [_card(text, name) for text, name in found[:MOST]], "left": max(len(found) - MOST, 0)}
    return render(request, "console/stock/labels.html", context)


def qr(text: str) -> str:
    """The code as the source of an image; a seventh of it may be dirty and it is still read."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=1, omitsize=True))


def _card(text: str, name: str) -> dict[str, str]:
    return {"text": text, "name": name, "qr": qr(text), "bars": drawn(text)}


def _of_items(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    """An item's own bar code where it has one, else its code."""
    codes = [code[:30] for code in request.GET.getlist("item") if "\x00" not in code][:MOST]
    if not codes:
        return []
    rows = selectors.all_items(actor).filter(code__in=codes)
    return [(one.barcode or one.code, one.name) for one in rows]


def _of_units(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    numbers = [number[:40] for number in request.GET.getlist("serial")][:20]
    lives: list[Any] = [life for number in numbers for life in books_read.lives_of(actor, number)]
    return [(life.unit.number, life.unit.item.name) for life in lives]


def _of_document(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    number = said(request.GET, "document", 24)
    if not number:
        return []
    lines = papers_read.document_for(actor, number).lines
    return [(number, line.item.name) for line in lines for number in sorted(one.number for one in line.serials.all())]
