"""试算: a draft tried out on a month; how far it is, then who gains and who loses."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.console.access import key_of, rules_trier
from apps.console.said import said
from apps.costing import rule_tasks, tries_read
from apps.costing.services import tryouts
from apps.tickets.types_read import forms_in_force


@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for it, and go where it is watched."""
    actor = rules_trier(request)
    made = tryouts.try_rules(number=number, month=said(request.POST, "month", 7), by=actor, key=key_of(request))
    rule_tasks.try_out.wake(made.public_id)
    return _to(made.public_id)


@never_cache
@require_GET
def one(request: HttpRequest, name: str) -> HttpResponse:
    """How far it is, asked again by the page itself while it runs; then the result. Two queries besides who it is."""
    trial = tries_read.trial_for(rules_trier(request), name)
    titles = {one.type.code: one.type.name for one in forms_in_force()} if trial.types else {}
    context = {"trial": trial, "types": [(titles.get(one.name, one.name), one) for one in trial.types]}
    template = "console/points/_try_out.html" if getattr(request, "htmx", False) else "console/points/try_out.html"
    return render(request, template, context)


@require_POST
def stop(request: HttpRequest, name: str) -> HttpResponse:
    """It stops after the batch it is at."""
    tryouts.stop_trying(public_id=name, by=rules_trier(request), key=key_of(request))
    return _to(name)


def _to(public_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:try-out", args=[public_id]), status=303)
