"""The month in one look with the months before it; and what needs an eye: budgets, promises, deviations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.console.access import money_reader
from apps.console.views.costs._asked import asked
from apps.costing import control_read, money_words
from apps.costing import profit_read as profit


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """月度总览. Eight queries besides who it is, one more without a month in the address."""
    actor = money_reader(request)
    told = asked(request, actor)
    context = {
        "asked": told, "row": profit.month_of(actor, told.where), "months": profit.by_month(actor, told.month),
        "elements": list(money_words.ELEMENTS.items()), "lights": control_read.lights(actor, told.month),
        "state": control_read.state_of(told.month), "dimensions": list(money_words.DIMENSIONS.items()),
    }  # fmt: skip
    return render(request, "console/costs/overview.html", context)


@never_cache
@require_GET
def control(request: HttpRequest) -> HttpResponse:
    """管控: budgets with their lights, what is promised, why the month came out otherwise, what is odd.

    At most 32 queries besides who it is, however much there is.
    """
    actor = money_reader(request)
    told = asked(request, actor)
    context = {
        "asked": told, "budgets": control_read.budget_lines(actor, told.month),
        "promises": control_read.promises(actor), "deviations": control_read.deviations(actor, told.month),
        "odd": _by_figure(control_read.oddities(actor, told.month)),
    }  # fmt: skip
    return render(request, "console/costs/control.html", context)


def _by_figure(rows: list[control_read.Odd]) -> list[tuple[str, str, list[control_read.Odd]]]:
    codes = dict.fromkeys(one.code for one in rows)
    return [
        (code, money_words.word(money_words.ODD, code), [one for one in rows if one.code == code]) for code in codes
    ]
