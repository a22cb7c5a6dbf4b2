"""建单: a call or a visitor becomes a ticket."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.console import calling
from apps.console.access import actor_for, key_of
from apps.console.forms import TicketForm
from apps.console.rows import Row, row_of
from apps.console.words import type_name
from apps.people import roles
from apps.people import selectors as people
from apps.people.phone import normal_phone
from apps.tickets import calls_read, duplicates, selectors, services, types_read
from apps.tickets.asking import AskedForm
from apps.tickets.duplicates import Likely
from apps.tickets.errors import LikelyDuplicate, TypeNotFound
from apps.tickets.permissions import CONTACT_VIEWERS
from apps.tickets.selectors import TicketView
from apps.tickets.services import Report
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Invalid


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The entry form; what was typed stays when something is missing."""
    actor = actor_for(request, "submit")
    earlier = _followed(request, actor)
    form = _form(request, actor, earlier)
    if request.method == "GET":
        return _page(request, actor, form, None, earlier=earlier)
    asked = _asked(request, actor)
    if form.is_valid():
        try:
            receipt = _open(form.cleaned_data, asked.answers() if asked else {}, actor, key_of(request), earlier)
            return HttpResponseRedirect(f"{reverse('console:new')}?made={receipt.public_id}", status=303)
        except Invalid as refusal:
            _explain(form, asked, refusal)
        except LikelyDuplicate as refusal:
            return _page(request, actor, form, asked, status=refusal.status, told_before=refusal, earlier=earlier)
    return _page(request, actor, form, asked, status=422, earlier=earlier)


@never_cache
@require_GET
def type_fields(request: HttpRequest) -> HttpResponse:
    """What the chosen type asks; what was typed for another type stays where both ask the same."""
    asked = _asked(request, actor_for(request, "submit"))
    return render(request, "console/_asked.html", {"asked": asked})


@never_cache
@require_GET
def similar(request: HttpRequest) -> HttpResponse:
    """Who calls, and is it told already? The customer's card, and open tickets of this caller or at this door."""
    actor = actor_for(request, "submit")
    phone = normal_phone(request.GET.get("phone", "")) or ""
    account, address = (request.GET.get(name, "").strip()[:200] for name in ("account_no", "address"))
    known = bool(phone or account) and bool(actor.scopes(CONTACT_VIEWERS))
    context = {
        "found": _found(actor, phone, account, address),
        "customer": people.customer_who_calls(phone=phone, account_no=account) if known else None,
        "asked": phone or account,
        "false_reports": duplicates.false_reports(phone) if known else 0,
    }
    return render(request, "console/_similar.html", context)


def _found(actor: Actor, phone: str, account: str, address: str) -> list[tuple[Row, Likely]]:
    likely = duplicates.likely(actor, phone=phone, account_no=account, address=address)
    return [(row_of(one.view), one) for one in likely]


def _followed(request: HttpRequest, actor: Actor) -> TicketView | None:
    """The ticket that this one follows. One query; none on an ordinary day. Raises TicketNotFound."""
    named = (request.POST if request.method == "POST" else request.GET).get("follows", "")[:20]
    return selectors.ticket_for(actor, named) if named else None


def _known(earlier: TicketView | None) -> dict[str, Any]:
    """What need not be typed again, as far as the reader sees it."""
    if earlier is None or not earlier.reveal:
        return {}
    ticket = earlier.ticket
    return {
        "phone": ticket.contact_phone, "contact_name": ticket.contact_name, "address": ticket.address,
        "account_no": ticket.account_no, "node_code": ticket.node_code,
    }  # fmt: skip


def _form(request: HttpRequest, actor: Actor, earlier: TicketView | None) -> TicketForm:
    types = [(kind.code, type_name(kind)) for kind in selectors.ticket_types()]
    channel = "hotline_96066" if actor.holds(roles.AGENT) else "shop" if actor.holds(roles.CLERK) else "local_line"
    called = calling.filled_in(actor, request.GET["call"][:16]) if "call" in request.GET else {}
    initial = {"channel": channel, "priority": 2} | called | _known(earlier)
    return TicketForm(request.POST or None, types=types, initial=initial)


def _asked(request: HttpRequest, actor: Actor) -> AskedForm | None:
    """The fields of the type that is chosen, filled in as they were. One query; none before a type is chosen."""
    data = request.POST if request.method == "POST" else request.GET
    try:
        form = types_read.form_of(actor, data.get("type_code", "")) if data.get("type_code") else None
    except TypeNotFound:
        form = None
    return AskedForm(form.definition.at("report"), prefix="asked", data=data) if form else None


def _page(
    request: HttpRequest, actor: Actor, form: TicketForm, asked: AskedForm | None, status: int = 200,
    told_before: LikelyDuplicate | None = None, earlier: TicketView | None = None,
) -> HttpResponse:  # fmt: skip
    made = request.GET.get("made", "")
    found = selectors.rows_by_id(actor, [made]) if made else []
    context = {
        "form": form, "asked": asked, "made": found[0].ticket if found else None, "told_before": told_before,
        "earlier": earlier.ticket if earlier else None, "rang": calls_read.calls_for(actor),
        "seen": told_before is None or selectors.rows_by_id(actor, [told_before.params["public_id"]]),
        "said": _("Urged.") if request.GET.get("done") == "urge" else "",
    }  # fmt: skip
    return render(request, "console/new.html", context, status=status)


def _open(
    given: dict[str, Any], fields: dict[str, Any], actor: Actor, key: str, earlier: TicketView | None
) -> Receipt:  # fmt: skip
    report = Report(
        type_code=given["type_code"], contact_phone=given["phone"], contact_name=given["contact_name"],
        address=given["address"], description=given["description"], priority=given["priority"],
        fields=fields, account_no=given["account_no"], anyway=given["anyway"], node_code=given["node_code"],
        follows=given["follows"], **_same_door(given["address"], earlier),
    )  # fmt: skip
    return services.open_ticket(report=report, channel=given["channel"], by=actor, key=key)


def _same_door(address: str, earlier: TicketView | None) -> dict[str, Any]:
    """The point of the ticket it follows, unless another address was typed."""
    if earlier is None or not earlier.reveal or not earlier.ticket.has_place or address != earlier.ticket.address:
        return {}
    return {"lat": earlier.ticket.lat, "lng": earlier.ticket.lng, "location_source": earlier.ticket.location_source}


def _explain(form: TicketForm, asked: AskedForm | None, refusal: Invalid) -> None:
    """The service's sentences beside the fields they speak of; above the form what speaks of none that is shown."""
    if asked:
        asked.refuse(refusal, "fields")
    for name, sentences in (refusal.fields or {"": [refusal.sentence]}).items():
        if asked and name.startswith("fields."):
            form.add_error(None, refusal.sentence)
            continue
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
