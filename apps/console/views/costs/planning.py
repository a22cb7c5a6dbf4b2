"""Budgets, norms, what plans bring in: tables to type into. Amounts are yuan here, fen behind."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.console.access import key_of, money_planner, money_reader
from apps.console.said import said
from apps.console.views.costs._asked import asked
from apps.costing import control_read, money_words
from apps.costing.money_errors import BadPlan
from apps.costing.money_permissions import PLANNERS
from apps.costing.rules.periods import is_period, preceding
from apps.costing.services import plans as services
from apps.costing.services.plans import Cell
from apps.people import selectors as people
from apps.tickets import types_read
from steppe.kernel import clock
from steppe.kernel.errors import DomainError
from steppe.kernel.money import yuan

ALL = "all"
TICKETS, QUANTITY = "tickets", "quantity"


@never_cache
@require_http_methods(["GET", "POST"])
def budgets(request: HttpRequest) -> HttpResponse:
    """A month's table: types down, elements across, for the branch or a sub-branch. Seven queries besides who it is."""
    actor = money_reader(request) if request.method == "GET" else money_planner(request)
    source = request.GET if request.method == "GET" else request.POST
    unit = said(source, "unit", 20)
    month = said(source, "month", 7) if is_period(said(source, "month", 7)) else clock.today()[:7]
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            cells = list(_cells(request, TICKETS))
            services.save_budgets(month=month, unit=unit, cells=cells, by=actor, key=key_of(request))
            return _to("console:costs-budgets", month=month, unit=unit, done="saved")
        except DomainError as error:
            refusal = error
    lines = control_read.budget_lines(actor, month, unit)
    context = {
        "asked": asked(request, actor), "month": month, "unit": unit, "units": _units(), "columns": _columns(),
        "rows": _rows(request, {(one.budget.type_code, one.budget.element): one for one in lines}),
        "may": actor.holds(*PLANNERS), "state": control_read.state_of(month), "before": preceding(month),
        **_told(request, refusal),
    }  # fmt: skip
    return render(request, "console/costs/budgets.html", context, status=refusal.status if refusal else 200)


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Last month's budgets, where this one has none yet."""
    actor = money_planner(request)
    month, unit = said(request.POST, "month", 7), said(request.POST, "unit", 20)
    before = preceding(month) if is_period(month) else month
    done = services.copy_budgets(source=before, month=month, unit=unit, by=actor, key=key_of(request))
    return _to("console:costs-budgets", month=month, unit=unit, done="copied", n=str(done.facts["cells"]))


@never_cache
@require_http_methods(["GET", "POST"])
def norms(request: HttpRequest) -> HttpResponse:
    """定额: types down, elements across. Two queries besides who it is."""
    actor = money_reader(request) if request.method == "GET" else money_planner(request)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            services.save_norms(cells=list(_cells(request, QUANTITY)), by=actor, key=key_of(request))
            return _to("console:costs-norms", done="saved")
        except DomainError as error:
            refusal = error
    known = control_read.norms()
    rows = [
        (one, [(code, *_norm(request, known, one.code, code), _why(refusal, one.code, code))
               for code in money_words.ELEMENTS])
        for one in types_read.type_words()
    ]  # fmt: skip
    context = {"rows": rows, "columns": _columns()[1:], "may": actor.holds(*PLANNERS), **_told(request, refusal)}
    return render(request, "console/costs/norms.html", context, status=refusal.status if refusal else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """What each plan (套餐) brings in a month. One query besides who it is."""
    actor = money_reader(request) if request.method == "GET" else money_planner(request)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            fees = list(_fees(request))
            services.save_monthly_fees(fees=fees, by=actor, key=key_of(request))
            return _to("console:costs-plans", done="saved")
        except DomainError as error:
            refusal = error
    rows = [(one.plan, yuan(one.fen)) for one in control_read.monthly_fees()]
    usual = dict(rows).get("", "")
    context = {
        "rows": [one for one in rows if one[0]], "usual": usual, "may": actor.holds(*PLANNERS),
        **_told(request, refusal),
    }  # fmt: skip
    return render(request, "console/costs/plans.html", context, status=refusal.status if refusal else 200)


def _columns() -> list[tuple[str, str]]:
    return [(ALL, _("All costs")), *((code, str(word)) for code, word in money_words.ELEMENTS.items())]


def _units() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in people.org_tree() if one.kind == "sub_branch"]


def _rows(request: HttpRequest, known: dict[tuple[str, str], control_read.BudgetLine]) -> list[dict[str, object]]:
    """All types first, then each: its volume, then a cell for each element."""
    types = [("", _("All types")), *((one.code, one.name) for one in types_read.type_words())]
    return [
        {
            "code": code or ALL, "name": name,
            "tickets": _typed(request, f"{TICKETS}.{code or ALL}", _volume(known, code)),
            "cells": [_budget_cell(request, known, code, element) for element, _word in _columns()],
        }
        for code, name in types
    ]  # fmt: skip


def _volume(known: dict[tuple[str, str], control_read.BudgetLine], code: str) -> str:
    found = next((one.budget.tickets for (kind, _e), one in known.items() if kind == code and one.budget.tickets), None)
    return "" if found is None else str(found)


def _budget_cell(
    request: HttpRequest, known: dict[tuple[str, str], control_read.BudgetLine], code: str, element: str
) -> dict[str, object]:
    line = known.get((code, "" if element == ALL else element))
    name = f"{code or ALL}.{element}"
    return {
        "name": name, "value": _typed(request, name, yuan(line.budget.fen) if line else ""), "line": line,
        "element": element,
    }  # fmt: skip


def _norm(request: HttpRequest, known: dict, code: str, element: str) -> tuple[str, str]:  # type: ignore[type-arg]
    one = known.get((code, element))
    quantity = "" if one is None or one.quantity is None else f"{one.quantity.normalize():f}"
    return (
        _typed(request, f"{code}.{element}", yuan(one.fen) if one else ""),
        _typed(request, f"{QUANTITY}.{code}.{element}", quantity),
    )


def _why(refusal: DomainError | None, code: str, element: str) -> str:
    return " ".join(getattr(refusal, "fields", {}).get(f"{code}.{element}", ()))


def _typed(request: HttpRequest, name: str, otherwise: str) -> str:
    """What was typed survives a refusal."""
    return said(request.POST, name, 20) if request.method == "POST" and name in request.POST else otherwise


def _cells(request: HttpRequest, beside: str) -> Iterator[Cell]:
    """The cells of the form as the services take them. Raises BadPlan at the cell that is no number."""
    for name in request.POST:
        code, _dot, element = name.partition(".")
        if element not in (ALL, *money_words.ELEMENTS) or code in (TICKETS, QUANTITY):
            continue
        fen = _fen(name, said(request.POST, name, 20))
        more: dict[str, object] = {}
        if beside == TICKETS and element == ALL:
            more["tickets"] = _number(f"{TICKETS}.{code}", said(request.POST, f"{TICKETS}.{code}", 10))
            if more["tickets"] is not None and fen is None:
                raise BadPlan({name: [_("How much for all of them? The number of tickets goes with an amount.")]})
        if beside == QUANTITY:
            more["quantity"] = _decimal(name, said(request.POST, f"{QUANTITY}.{name}", 12))
        yield Cell("" if code == ALL else code, "" if element == ALL else element, fen, **more)  # type: ignore[arg-type]


def _fen(name: str, text: str) -> int | None:
    amount = _decimal(name, text)
    if amount is None:
        return None
    if amount * 100 != int(amount * 100):
        raise BadPlan({name: [_("Yuan with two decimals, please.")]})
    return int(amount * 100)


def _decimal(name: str, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise BadPlan({name: [_("A number, please.")]}) from None
    if not found.is_finite() or abs(found) > 10**12:
        raise BadPlan({name: [_("A number, please.")]})
    return found


def _number(name: str, text: str) -> int | None:
    found = _decimal(name, text)
    if found is not None and found != int(found):
        raise BadPlan({name: [_("A whole number, please.")]})
    return None if found is None else int(found)


def _fees(request: HttpRequest) -> Iterator[tuple[str, int | None]]:
    yield "", _fen("usual", said(request.POST, "usual", 20))
    names, amounts = request.POST.getlist("plan"), request.POST.getlist("fee")
    for place, (plan, text) in enumerate(zip(names, amounts, strict=False)):
        if plan.strip():
            yield plan.replace("\x00", "").strip()[:60], _fen(f"fee.{place}", text.strip()[:20])


def _told(request: HttpRequest, refusal: DomainError | None) -> dict[str, object]:
    done = request.GET.get("done", "")
    sentences = {
        "saved": _("Kept."),
        "copied": _("Copied: %(n)s cells that had nothing yet.") % {"n": said(request.GET, "n", 5)},
    }
    return {
        "wrong": getattr(refusal, "fields", {}), "refusal": refusal.sentence if refusal else "",
        "said": "" if refusal else sentences.get(done, ""),
    }  # fmt: skip


def _to(name: str, **query: str) -> HttpResponseRedirect:
    told = urlencode({key: value for key, value in query.items() if value})
    return HttpResponseRedirect(f"{reverse(name)}?{told}", status=303)
