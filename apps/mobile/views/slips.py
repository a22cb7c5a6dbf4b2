"""核定单: the own published month, what it is made of, and what one says of it: right, or not, and why.

Nothing happens on GET: WeChat fetches links by itself. Nobody sees a colleague's.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.costing import slip_read
from apps.costing.services import confirming, disputes
from apps.costing.settlement_words import explained
from apps.mobile.entry import Request, ask_wechat, technician_only
from apps.mobile.numbers import quantity_of
from apps.mobile.views import _answers as answer
from apps.mobile.views._refused import sentences
from steppe.kernel.errors import DomainError, NotFound

DONE = {
    "confirm": _("You have confirmed this month."), "dispute": _("Said. Your grid leader answers."),
    "withdraw": _("Taken back. You may still confirm, or dispute anew."), "accept": _("You accepted the answer."),
    "appeal": _("Said. The department's manager decides; that is the last word."),
}  # fmt: skip


@ask_wechat
@technician_only
@require_safe
def listed(request: Request) -> HttpResponse:
    """The own published months."""
    return render(request, "mobile/slips.html", {"lines": slip_read.slips_for(request.actor)})


@ask_wechat
@technician_only
@require_http_methods(["GET", "POST"])
def one(request: Request, month: str) -> HttpResponse:
    """One month; with POST what the technician says of it."""
    if request.method == "GET":
        return _page(request, month)
    wanted = request.POST.get("do", "")
    try:
        _step(request, month, wanted)
    except DomainError as refusal:
        return _page(request, month, refusal)
    return answer.see_other(f"{reverse('mobile:slip', args=[month])}?done={wanted}")


def _step(request: Request, month: str, wanted: str) -> None:
    who: dict[str, Any] = {"by": request.actor, "key": answer.key_of(request)}
    text, name = request.POST.get("text", "").replace("\x00", ""), request.POST.get("name", "")[:16]
    about = {"public_id": name, "version": answer.version_of(request)}
    if wanted == "confirm":
        confirming.confirm_line(month=month, **who)
    elif wanted == "dispute":
        entry = request.POST.get("entry", "")
        entry_id = int(entry) if entry.isascii() and entry.isdecimal() and len(entry) < 19 else None
        points = quantity_of(request.POST, "wanted") if request.POST.get("wanted", "").strip() else None
        disputes.raise_dispute(month=month, text=text, entry_id=entry_id, wanted=points, **who)
    elif wanted == "appeal":
        disputes.appeal(text=text, **about, **who)
    elif wanted in ("withdraw", "accept"):
        step = disputes.withdraw_dispute if wanted == "withdraw" else disputes.accept_answer
        step(**about, **who)
    else:
        raise NotFound


def _page(request: Request, month: str, refusal: DomainError | None = None) -> HttpResponse:
    """Six queries besides who it is."""
    slip = slip_read.slip_for(request.actor, month)
    context = {
        "slip": slip, "line": slip.line, "told": explained(slip.line), "refusal": sentences(refusal) if refusal else "",
        "said": DONE.get(request.GET.get("done", ""), ""), "given": request.POST,
        "about": request.POST.get("entry", "") if refusal else "",
    }  # fmt: skip
    return render(request, "mobile/slip.html", context, status=refusal.status if refusal else 200)
