"""设置: the branch's clocks, promise, waves and fairness; the days that are not like the others; who changed what."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.console import settings_form as forms
from apps.console.access import key_of, settings_keeper
from apps.tickets import services, settings_read
from apps.tickets.errors import BadServiceDay
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Every value with its history, and the special days."""
    actor = settings_keeper(request)
    if request.method == "GET":
        return _page(request, actor, settings_read.settings_for(actor).values)
    wanted = forms.read(request.POST)
    try:
        services.change_settings(wanted=wanted, stamp=request.POST.get("stamp", ""), by=actor, key=key_of(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, refusal, wanted=wanted)
    return _done("changed")


@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """A holiday, or a day with hours of its own."""
    actor, told = settings_keeper(request), request.POST
    try:
        services.set_service_day(**_day(told), by=actor, key=key_of(request))
    except Invalid as refusal:
        return _refused(request, actor, refusal, day=told)
    return _done("day")


@require_POST
def remove_day(request: HttpRequest) -> HttpResponse:
    """The day is like all others again."""
    actor = settings_keeper(request)
    services.remove_service_day(day=_date(request.POST.get("day", "")), by=actor, key=key_of(request))
    return _done("removed")


def _day(told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "day": _date(told.get("day", "")), "title": told.get("title", "")[:40],
        "opens": _time("opens", told), "closes": _time("closes", told),
    }  # fmt: skip


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadServiceDay({"day": [_("Please choose a day.")]}) from error


def _time(name: str, told: Mapping[str, str]) -> time | None:
    try:
        return time.fromisoformat(told[name]) if told.get(name) else None
    except ValueError as error:
        raise BadServiceDay({name: [_("Please give a time like 08:30.")]}) from error


def _refused(
    request: HttpRequest,
    actor: Actor,
    refusal: DomainError,
    *,
    wanted: Mapping[str, Any] | None = None,
    day: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Everything typed is still there, with the refusal's sentences at their fields."""
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    values = wanted if wanted is not None else settings_read.settings_for(actor).values
    told = {"day_errors": errors, "day": day} if day is not None else {}
    more = {"refusal": refusal.sentence, **told}
    return _page(request, actor, values, errors=None if day else errors, status=refusal.status, **more)


def _page(
    request: HttpRequest,
    actor: Actor,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Five queries besides who it is: the days, and the history in `public` and here."""
    context = {
        "groups": list(forms.SettingsForm(values, errors).groups()),
        "stamp": settings_read.settings_for(actor).stamp,
        "days": settings_read.service_days(actor),
        "history": forms.lines(settings_read.changes_of(actor)),
        "done": _said(request.GET.get("done", "")),
    }
    return render(request, "console/settings.html", context | more, status=status)


def _done(what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:settings')}?done={what}", status=303)


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "changed": _("Saved. New tickets follow the new settings."),
        "day": _("The day is kept. Clocks that run are counted anew."),
        "removed": _("The day is like all others again."),
    }.get(done, "")
