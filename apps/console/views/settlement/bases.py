"""底薪与保底: what each technician gets in any case, from a month on."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.console.access import key_of, settlement_reader
from apps.console.said import said
from apps.console.settlement_form import fen_of, wrong_of
from apps.costing.bases_read import BaseRow, bases_for
from apps.costing.permissions import PRICERS
from apps.costing.services import pay_bases
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from steppe.kernel.money import yuan


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, month: str) -> HttpResponse:
    """A table with two fields for each; POST says those that differ. Two queries besides who it is."""
    actor = settlement_reader(request)
    if request.method == "GET":
        return _page(request, actor, month)
    rows = bases_for(actor, month)
    told = [one for row in rows if (one := _told(request, row)) is not None]
    try:
        if told:
            pay_bases.set_pay_bases(from_month=month, told=told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, month, refusal)
    return HttpResponseRedirect(f"{reverse('console:settlement-bases', args=[month])}?done=1", status=303)


def _told(request: HttpRequest, row: BaseRow) -> pay_bases.Told | None:
    """What was typed for one, if it is something else than before."""
    base = fen_of(request.POST, f"base.{row.technician_id}") or 0
    least = fen_of(request.POST, f"guarantee.{row.technician_id}") or 0
    same = (base, least) == (row.base_fen, row.guarantee_fen)
    return None if same else pay_bases.Told(row.technician_id, base, least)


def _page(request: HttpRequest, actor: Actor, month: str, refusal: DomainError | None = None) -> HttpResponse:
    wrong = wrong_of(refusal)
    rows = [
        {
            "row": row, "own": row.technician_id == actor.technician_id,
            "cells": [
                {"name": name, "value": said(request.POST, name, 20) if refusal else yuan(fen) if fen else "",
                 "why": wrong.get(name, [])}
                for name, fen in ((f"base.{row.technician_id}", row.base_fen),
                                  (f"guarantee.{row.technician_id}", row.guarantee_fen))
            ],
        }
        for row in bases_for(actor, month)
    ]  # fmt: skip
    context = {
        "rows": rows, "name": month, "may": actor.holds(*PRICERS), "refusal": refusal.sentence if refusal else "",
        "done": request.GET.get("done") == "1",
    }  # fmt: skip
    return render(request, "console/settlement/bases.html", context, status=refusal.status if refusal else 200)
