"""The material of the technician's own ticket: what is in the van for it, what goes into it, what came back.

One page with small forms; each says in `do` what it wants. Nothing happens on GET: WeChat fetches links by itself.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.inventory import labels, material_read, services
from apps.inventory.errors import BadMaterial
from apps.inventory.rules.material import CONDITIONS, WHY_NOT
from apps.mobile import doors
from apps.mobile.entry import Request, technician_only
from apps.mobile.numbers import fen_of, quantity_of
from apps.mobile.views import _answers as answer
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.services import AT_WORK
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotFound

PAGE = "mobile:w-material"
DONE = {
    "enter": gettext_lazy("Entered and reserved in your van."),
    "scan": gettext_lazy("Entered and reserved in your van."),
    "change": gettext_lazy("Changed."), "off": gettext_lazy("Taken off; it is free in your van again."),
    "back": gettext_lazy("Noted. It is booked when the ticket is finished."),
    "none": gettext_lazy("Noted."), "back-off": gettext_lazy("Taken off."),
}  # fmt: skip


@technician_only
@require_http_methods(["GET", "POST"])
def material(request: Request, public_id: str) -> HttpResponse:
    """The page; with POST one of its small steps. A refused one shows the page again, with the sentence on top."""
    _own(request, public_id)
    if request.method == "GET":
        return _page(request, public_id)
    wanted = request.POST.get("do", "")
    try:
        _step(request, public_id, wanted)
    except (Conflict, Invalid, NotFound) as refusal:
        return _page(request, public_id, refusal, wanted)
    return answer.see_other(f"{reverse(PAGE, args=[public_id])}?done={wanted}")


def _own(request: Request, public_id: str) -> tickets.TicketView:
    """Only who has the ticket. Raises TicketNotFound."""
    view = tickets.ticket_for(request.actor, public_id)
    if view.ticket.technician_id != request.actor.technician_id:
        raise TicketNotFound
    return view


def _step(request: Request, public_id: str, wanted: str) -> Receipt:
    step = _STEPS.get(wanted)
    if step is None:
        raise Invalid
    return step(request.POST, public_id=public_id, by=request.actor, key=answer.key_of(request))


def _enter(form: Any, **given: Any) -> Receipt:
    """What the list says: an item, or an item's drum."""
    item, _slash, batch = form.get("item", "").partition("/")
    if not item:
        raise BadMaterial({"item": [_("Choose what you used.")]})
    return services.enter_material(item=item, batch=batch, quantity=quantity_of(form, "quantity"), **given)


def _scan(form: Any, **given: Any) -> Receipt:
    return services.enter_unit(number=form.get("number", ""), item=form.get("item", ""), **given)


def _change(form: Any, **given: Any) -> Receipt:
    more = {"quantity": quantity_of(form, "quantity")} if "quantity" in form else {}
    reason = {"reason": form["reason"]} if "reason" in form else {}
    return services.change_material(line=_line(form), **more, **reason, **given)


def _off(form: Any, **given: Any) -> Receipt:
    return services.take_off_material(line=_line(form), **given)


def _back(form: Any, **given: Any) -> Receipt:
    told = {name: form.get(name, "") for name in ("number", "condition", "item", "note")}
    return services.enter_recovered(**told, **given)


def _none(form: Any, **given: Any) -> Receipt:
    told = {"why": form.get("why", ""), "fee": fen_of(form, "fee"), "note": form.get("note", "")}
    return services.enter_not_recovered(**told, **given)


def _back_off(form: Any, **given: Any) -> Receipt:
    return services.take_off_recovered(line=_line(form), **given)


_STEPS: dict[str, Callable[..., Receipt]] = {
    "enter": _enter, "scan": _scan, "change": _change, "off": _off, "back": _back, "none": _none,
    "back-off": _back_off,
}  # fmt: skip


def _line(form: Any) -> int:
    """The id of a line; what is none names no line."""
    given = form.get("line", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def _page(request: Request, public_id: str, refusal: DomainError | None = None, wanted: str = "") -> HttpResponse:
    view = _own(request, public_id)
    may, sheet = view.ticket.status in AT_WORK, material_read.sheet_of(request.actor, view.ticket)
    free = material_read.free_for(request.actor, view.ticket) if may else ()
    context = {
        "jssdk_config": doors.address("wechat:jssdk-config"), "ticket": view.ticket, "sheet": sheet, "may": may,
        "has_van": free is not None,
        "free": [one for one in free or () if one.numbers or _name(one) not in _named(sheet)],
        "devices": material_read.recoverable(request.actor) if may else (),
        "conditions": _words(CONDITIONS), "whys": _words(WHY_NOT), "refusal": _said(refusal),
        "entered": request.POST if refusal else {}, "wanted": wanted,
        "said": DONE.get(request.GET.get("done", ""), "") if not refusal else "",
    }  # fmt: skip
    return render(request, "mobile/stock_material.html", context, status=refusal.status if refusal else 200)


def _words(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, labels.word(labels.RECOVERED, code)) for code in codes]


def _named(sheet: material_read.Sheet) -> set[tuple[str, str]]:
    """What stands on the ticket already, by item and drum: changed there, not entered again."""
    return {
        (one.line.item.code, one.line.batch.number if one.line.batch else "") for one in sheet.lines if not one.former
    }


def _name(free: material_read.Free) -> tuple[str, str]:
    return free.item.code, free.batch


def _said(refusal: DomainError | None) -> str:
    """The sentences of the fields, or the refusal's own."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return " ".join(one for found in fields.values() for one in found) or (refusal.sentence if refusal else "")
