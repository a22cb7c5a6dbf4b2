"""我的工量: the own points of a month, what each ticket paid and why, and what one says of a ticket's work.

Nothing happens on GET: WeChat fetches links by itself. Nobody sees what a colleague earned, only the shares.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.costing import points_read, points_words, said_read, services
from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.mobile.numbers import quantity_of
from apps.mobile.views import _answers as answer
from apps.mobile.views._refused import sentences
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotAllowed

PAGE = "mobile:points-ticket"
DONE = {
    "claim": gettext_lazy("Said. It stands at your grid leader's."), "agree": gettext_lazy("You agreed."),
    "contest": gettext_lazy("Said. Your grid leader decides."),
}  # fmt: skip


@ask_wechat
@technician_only
@require_safe
def mine(request: Request) -> HttpResponse:
    """A month: what was earned, what waits for its callback, for what, and by ticket."""
    month = points_read.my_month(request.actor, request.GET.get("month", ""))
    return render(request, "mobile/points.html", {"month": month, "now": points_read.this_month()})


@ask_wechat
@technician_only
@require_http_methods(["GET", "POST"])
def ticket(request: Request, public_id: str) -> HttpResponse:
    """What this ticket paid, line by line; with POST a claim, or a word on the shares."""
    if request.method == "GET":
        return _page(request, public_id)
    wanted = request.POST.get("do", "")
    try:
        _step(request, public_id, wanted)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _page(request, public_id, refusal, wanted)
    return answer.see_other(f"{reverse(PAGE, args=[public_id])}?done={wanted}")


def _step(request: Request, public_id: str, wanted: str) -> Receipt:
    step = _STEPS.get(wanted)
    if step is None:
        raise Invalid
    return step(request.POST, public_id=public_id, by=request.actor, key=answer.key_of(request))


def _claim(form: Any, **given: Any) -> Receipt:
    quantities = {name[2:]: quantity_of(form, name) for name in form if name.startswith("q.") and form[name].strip()}
    return services.claim_work(
        difficulty=form.get("difficulty", ""), quantities=quantities, km=_km(form), own_car=form.get("own_car") == "1",
        evidence=form.get("evidence", ""), **given,
    )  # fmt: skip


def _km(form: Any) -> Decimal | None:
    return round(quantity_of(form, "km"), 1) if form.get("km", "").strip() else None


def _agree(form: Any, **given: Any) -> Receipt:
    return services.answer_shares(agrees=True, **given)


def _contest(form: Any, **given: Any) -> Receipt:
    return services.answer_shares(agrees=False, note=form.get("note", ""), **given)


_STEPS: dict[str, Callable[..., Receipt]] = {"claim": _claim, "agree": _agree, "contest": _contest}


def _page(request: Request, public_id: str, refusal: DomainError | None = None, wanted: str = "") -> HttpResponse:
    """About 25 queries, however much there is."""
    sheet, mine = said_read.sheet_for(request.actor, public_id)
    found = points_read.my_ticket(request.actor, public_id)
    context = {
        "sheet": sheet, "mine": mine, "entries": found, "total": sum((one.row.points for one in found), Decimal(0)),
        "waits": any(one.waits for one in found), "refusal": sentences(refusal) if refusal else "",
        "given": _given(request, sheet, refusal), "said": "" if refusal else DONE.get(request.GET.get("done", ""), ""),
        "claimed": said_read.claimed(sheet), "wanted": wanted, "note": request.POST.get("note", ""),
        "difficulties": [
            (one, points_words.named(one), points_words.plain(one.factor)) for one in sheet.difficulties
        ],
        "quantities": _quantities(request, sheet, refusal),
    }  # fmt: skip
    return render(request, "mobile/points_ticket.html", context, status=refusal.status if refusal else 200)


def _given(request: Request, sheet: said_read.Sheet, refusal: DomainError | None) -> dict[str, Any]:
    """What the form shows: as it was just entered, else as it was said before."""
    if refusal is not None:
        return request.POST.dict()
    claim = sheet.claim
    if claim is None or claim.state == "refused":
        return {}
    km = points_words.plain(claim.km, 1) if claim.km is not None else ""
    own = "1" if claim.own_car else ""
    return {"difficulty": claim.difficulty, "km": km, "own_car": own, "evidence": claim.evidence}


def _quantities(
    request: Request, sheet: said_read.Sheet, refusal: DomainError | None
) -> list[tuple[str, str, str, str]]:
    """Code, name, what it pays, and what was entered."""
    before = sheet.claim.quantities if sheet.claim and sheet.claim.state == "proposed" else {}
    entered = request.POST if refusal is not None else {f"q.{code}": much for code, much in before.items()}
    return [
        (one.code, points_words.named(one), _worth(one), str(entered.get(f"q.{one.code}", "")))
        for one in sheet.quantities
    ]


def _worth(item: Any) -> str:
    told = {"points": points_words.plain(item.points), "per": points_words.plain(item.per)}
    if item.beyond:
        told["beyond"] = points_words.plain(item.beyond)
        return _("%(points)s points for each %(per)s beyond %(beyond)s") % told
    return _("%(points)s points each") % told if item.per == 1 else _("%(points)s points for %(per)s") % told
