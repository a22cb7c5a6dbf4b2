"""报修: a fault is told in four taps, with or without WeChat, with or without scripts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.mobile import beginnings, doors, entry, limits, status_links
from apps.mobile.entry import Request
from apps.mobile.forms import ReportForm
from apps.mobile.views import _answers as answer
from apps.people import consents
from apps.people import selectors as people
from apps.tickets import types_read
from apps.tickets.asking import AskedForm
from apps.tickets.services import open_ticket
from apps.tickets.wording import SENTENCES
from steppe.kernel.actors import Actor
from steppe.kernel.addresses import client_address
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, Invalid, TooMany
from tenants.context import policy

if TYPE_CHECKING:
    from apps.tickets.models import TicketType

KEPT = (Invalid, Conflict, TooMany)  # refusals after which the form comes back with everything in it


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request) -> HttpResponse:
    """The form. GET learns once from WeChat who is asking, if the page was opened there."""
    if request.method == "POST":
        return _submit(request)
    if request.actor.kind == "anonymous":
        if (entry.knows_wechat(request) or beginnings.NAME in request.GET) and (away := entry.to_wechat(request)):
            return away
        entry.guest_of(request)
    by = entry.reporter(request)
    known, start = _known(by), beginnings.found(request, by)
    first = {name: request.GET.get(name, "")[:200] for name in ("address", "type_code")}
    first["address"] = first["address"] or (known.address if known and not start.begun else "")
    form = ReportForm(initial=first | start.fields(), known=known)
    return _page(request, form, _types(request), start.photos, start=start)


@require_POST
def photo(request: Request) -> HttpResponse:
    """A picture before the report; kept for whoever sent it until a report names it."""
    by = entry.reporter(request)
    if by.kind == "anonymous":
        limits.spend(limits.PHOTOS, client_address(request))
    file = request.FILES.get("photo")
    if file is None:
        raise Invalid({"photo": [str(SENTENCES["missing"])]})
    key = _own_key(request, by, answer.key_of(request))
    name = answer.store_photo(file, stage="report", owner=_owner(request, by), by=by, key=key)
    return JsonResponse({"id": name}, status=201)


def _submit(request: Request) -> HttpResponse:
    by = entry.reporter(request)
    form = ReportForm(request.POST, known=_known(by))
    photos: tuple[str, ...] = tuple(request.POST.getlist("photos"))
    types = _types(request)
    if not form.is_valid():
        return _page(request, form, types, photos, 422)
    try:
        photos = answer.photos_of(request, stage="report", owner=_owner(request, by), by=by)
        receipt = _open(request, form, types, photos, by)
    except KEPT as refusal:
        form.refuse(refusal)
        for one in types:
            one.asked.refuse(refusal, "fields")
        return _page(request, form, types, photos, refusal.status)
    beginnings.sent(request, by)
    return answer.see_other(_follow(receipt, by))


@dataclass(frozen=True)
class Offered:
    """A type that may be reported here, with its own fields."""

    type: "TicketType"
    asked: AskedForm
    chosen: bool


def _types(request: Request) -> list[Offered]:
    """What may be reported; of the chosen type what was answered already. One query."""
    wanted, data = request.POST.get("type_code", ""), request.POST or None
    found = [(form.type, form.definition.at("report")) for form in types_read.forms_in_force(customer=True)]
    return [Offered(kind, AskedForm(asks, prefix=kind.code, data=data), kind.code == wanted) for kind, asks in found]


def _open(request: Request, form: ReportForm, types: list[Offered], photos: tuple[str, ...], by: Actor) -> Receipt:
    if by.kind == "anonymous":
        limits.spend(limits.REPORTS, client_address(request))
    asked = next((one.asked for one in types if one.chosen), None)
    owner = _owner(request, by)
    fields = answer.asked_answers(request, asked, stage="report", owner=owner, by=by) if asked else {}
    if form.placed_by_phone and not _agreed(form, by, owner):
        form.drop_place()
    told = form.report(photos, "" if by.kind == "customer" else owner, fields)
    channel = "wechat_oa" if by.kind == "customer" else "h5"
    return open_ticket(report=told, channel=channel, by=by, key=_own_key(request, by, answer.key_of(request)))


def _agreed(form: ReportForm, by: Actor, owner: str) -> bool:
    """The text beside the button was the present one: tapping it was the yes, which is kept. No yes, no position."""
    who = by.ref if by.kind == "customer" else owner
    return consents.note(who, consents.PLACE_ONCE, form.cleaned_data["place_consent"])


def _follow(receipt: Receipt, by: Actor) -> str:
    """Where the reporter sees what happens next: the own ticket, or a link that expires."""
    if by.kind == "customer":
        return f"{reverse('mobile:ticket', kwargs={'public_id': receipt.public_id})}?new=1"
    return f"{status_links.link_for(receipt.public_id)}?new=1"


def _page(
    request: Request, form: ReportForm, types: list[Offered], photos: tuple[str, ...] = (), status: int = 200,
    start: beginnings.Start = beginnings.NOTHING,
) -> HttpResponse:  # fmt: skip
    rules = policy()
    context = {
        "form": form, "photos": photos, "start": start, "theme": "light", "types": types,
        "known": form.known, "hours": rules.resolve_target("A"), "far_hours": rules.resolve_target("D"),
        "photos_max": rules.report_photos_max - len(photos), "jssdk_config": doors.address("wechat:jssdk-config"),
        "wx_media": doors.address("wechat:media") if entry.reporter(request).kind == "customer" else "",
    }  # fmt: skip
    return entry.private(render(request, "mobile/report.html", context, status=status))


def _known(by: Actor):  # type: ignore[no-untyped-def]
    return people.customer(by.id) if by.kind == "customer" and by.id else None


def _owner(request: Request, by: Actor) -> str:
    return by.ref if by.kind == "customer" else entry.guest_of(request)


def _own_key(request: Request, by: Actor, key: str) -> str:
    """Visitors share one name in the journal: their keys are told apart by the session."""
    return key if by.kind == "customer" else answer.part_key(key, entry.guest_of(request))
