"""补录: a customer told the technician directly. A form on the phone, and the ticket is theirs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.mobile import doors
from apps.mobile.entry import Request, technician_only
from apps.mobile.forms import ReportForm
from apps.mobile.views import _answers as answer
from apps.people import consents
from apps.tickets import types_read
from apps.tickets.asking import AskedForm
from apps.tickets.services import enter_direct
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid
from tenants.context import policy

if TYPE_CHECKING:
    from apps.tickets.models import TicketType


@dataclass(frozen=True)
class Offered:
    """A type the technician can do, with its own fields."""

    type: "TicketType"
    asked: AskedForm
    chosen: bool


@technician_only
@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """The form; nothing happens on GET. Afterwards the ticket, with its next step."""
    types = _types(request)
    if request.method == "GET":
        return _page(request, ReportForm(), types)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, form, types, 422)
    try:
        receipt = _enter(request, form, types)
    except (Conflict, Invalid) as refusal:
        return _refused(request, form, types, refusal)
    return answer.see_other(reverse("mobile:work", kwargs={"public_id": receipt.public_id}))


def _enter(request: Request, form: ReportForm, types: list[Offered]) -> Receipt:
    asked = next((one.asked for one in types if one.chosen), None)
    sent: dict[str, Any] = {"stage": "report", "owner": ""}
    fields = answer.asked_answers(request, asked, **sent, by=request.actor) if asked else {}
    agreed = form.cleaned_data["place_consent"]
    if form.placed_by_phone and not consents.note(request.actor.ref, consents.PLACE_ONCE, agreed):
        form.drop_place()
    photos = answer.photos_of(request, **sent, by=request.actor)
    return enter_direct(report=form.report(photos, "", fields), by=request.actor, key=answer.key_of(request))


def _refused(request: Request, form: ReportForm, types: list[Offered], refusal: DomainError) -> HttpResponse:
    form.refuse(refusal)
    for one in types:
        one.asked.refuse(refusal, "fields")
    return _page(request, form, types, refusal.status)


def _types(request: Request) -> list[Offered]:
    """What this person has the skills for; of the chosen type what was answered already. Two queries."""
    wanted, data = request.POST.get("type_code", ""), request.POST or None
    mine = set(answer.myself(request).skills)
    found = [one for one in types_read.forms_in_force() if set(one.skills) <= mine]
    forms = [(one.type, AskedForm(one.definition.at("report"), prefix=one.type.code, data=data)) for one in found]
    return [Offered(kind, asked, kind.code == wanted) for kind, asked in forms]


def _page(request: Request, form: ReportForm, types: list[Offered], status: int = 200) -> HttpResponse:
    photos = request.POST.getlist("photos")
    context = {
        "form": form, "types": types, "jssdk_config": doors.address("wechat:jssdk-config"), "photos": photos,
        "photos_max": max(0, policy().report_photos_max - len(photos)),
    }  # fmt: skip
    return render(request, "mobile/direct.html", context, status=status)
