"""The other steps of a ticket on the phone, each on a page of its own: the technician's and the customer's."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.mobile.entry import Request, customer_only, technician_only
from apps.mobile.views import _answers as answer
from apps.tickets import selectors as tickets
from apps.tickets.step_forms import StepForm
from steppe.kernel.errors import Conflict, DomainError, Invalid
from tenants.context import policy

WORK, REPORT = "mobile:work", "mobile:ticket"


@technician_only
@require_http_methods(["GET", "POST"])
def at_work(request: Request, public_id: str, form_class: type[StepForm]) -> HttpResponse:
    """A step of the technician. Nothing happens on GET: WeChat fetches links by itself."""
    return _take(request, public_id, form_class, back=WORK, lost=reverse("mobile:held"))


@customer_only
@require_http_methods(["GET", "POST"])
def of_report(request: Request, public_id: str, form_class: type[StepForm]) -> HttpResponse:
    """A step of the customer who made the report."""
    return _take(request, public_id, form_class, back=REPORT, lost=reverse("mobile:mine"))


def _take(request: Request, public_id: str, form_class: type[StepForm], *, back: str, lost: str) -> HttpResponse:
    view = tickets.ticket_for(request.actor, public_id)
    form_class.admit(request.actor, view)
    if request.method == "GET":
        return _page(request, form_class(view, request.actor), back)
    form = form_class(view, request.actor, _with_pictures(request, form_class))
    try:
        form.take(by=request.actor, key=answer.key_of(request))
    except (Conflict, Invalid) as refusal:
        return _page(request, form.again(tickets.ticket_for(request.actor, public_id), refusal), back, refusal)
    there = tickets.visible_tickets(request.actor).filter(public_id=public_id).exists()
    return answer.see_other(f"{reverse(back, args=[public_id])}?done={form.slug}" if there else lost)


def _with_pictures(request: Request, form_class: type[StepForm]) -> object:
    """What was sent, with the pictures that came with the form itself (a browser without scripts)."""
    data = request.POST.copy()
    if form_class.takes_photos:
        data.setlist("photos", list(answer.photos_of(request, stage="finish", owner="", by=request.actor)))
    return data


def _page(request: Request, form: StepForm, back: str, refusal: DomainError | None = None) -> HttpResponse:
    data: Any = form.data  # a QueryDict once something was sent
    context = {
        "form": form, "ticket": form.ticket, "address": request.path,
        "back": reverse(back, args=[form.ticket.public_id]),
        "photos_max": policy().report_photos_max, "photos": data.getlist("photos") if form.is_bound else [],
    }  # fmt: skip
    return render(request, "mobile/step.html", context, status=refusal.status if refusal else 200)
