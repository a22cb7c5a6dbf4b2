"""The other steps of the desk: one view for all of them. Each form says what it asks and which command it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, retarget, trigger_client_event

from apps.console.access import desk_actor, key_of
from apps.console.views import ticket as sheet
from apps.tickets import requests_read, selectors
from apps.tickets.duplicates import urged_by
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms import StepForm
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, public_id: str, form_class: type[StepForm]) -> HttpResponse:
    """GET: the form, in a dialog or on a page of its own. POST: the step; refused, the form comes back as it was."""
    actor = desk_actor(request)
    view = _view(actor, public_id, form_class.action)
    form_class.admit(actor, view)
    if request.method == "GET":
        return _form(request, form_class(view, actor))
    form = form_class(view, actor, request.POST)
    try:
        form.take(by=actor, key=key_of(request))
    except (Conflict, Invalid) as refusal:
        return _refused(request, form, refusal)
    return _done(request, actor, public_id, form)


def _view(actor: Actor, public_id: str, action: str) -> TicketView:
    """To decide about what comes from elsewhere, and to urge what somebody else entered, one need not see it."""
    return urged_by(actor, public_id) if action == "urge" else requests_read.ticket_to_decide(actor, public_id)


def _form(request: HttpRequest, form: StepForm, status: int = 200) -> HttpResponse:
    """`?sheet=1`: beside the live list, where the answer replaces the sheet."""
    context: dict[str, Any] = {"form": form, "ticket": form.ticket, "sheet": "sheet" in request.GET}
    template = "console/_step_dialog.html" if _by_script(request) else "console/step.html"
    return render(request, template, context, status=status)


def _refused(request: HttpRequest, form: StepForm, refusal: DomainError) -> HttpResponse:
    """Everything entered stays. Where the ticket moved on meanwhile, the form now speaks of it as it is."""
    fresh = _view(form.actor, form.ticket.public_id, form.action)
    again = form.again(fresh, refusal)
    response = _form(request, again, refusal.status)
    response["X-Refusal"] = refusal.code
    return retarget(response, "#step") if _by_script(request) else response


def _done(request: HttpRequest, actor: Actor, public_id: str, form: StepForm) -> HttpResponse:
    if not _by_script(request):
        return HttpResponseRedirect(_address(actor, public_id, form), status=303)
    if "sheet" not in request.GET:
        return HttpResponseClientRedirect(_address(actor, public_id, form))
    response = sheet.answer(request, actor, public_id)
    return trigger_client_event(response, "toast", {"text": str(form.done), "kind": "good"})


def _address(actor: Actor, public_id: str, form: StepForm) -> str:
    """Back to the ticket, or to the list when the step led it out of the person's sight; who urged a ticket that
    they do not see was entering one."""
    if not selectors.visible_tickets(actor).filter(public_id=public_id).exists():
        return reverse("console:new") + "?done=urge" if form.action == "urge" else reverse("console:home")
    return reverse("console:ticket", args=[public_id]) + f"?done={form.slug}"


def _by_script(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
