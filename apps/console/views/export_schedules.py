"""定时报表: what goes out by mail and when, what became of it last; where mail reaches people; how to get no more."""

from collections.abc import Callable
from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.console import export_words, schedule_words
from apps.console.access import exporter, key_of
from apps.console.said import said, whole
from apps.exports import letters, mail_read, services
from apps.exports.errors import BadSchedule, ScheduleNotFound
from apps.exports.permissions import is_administrator
from apps.exports.rules.mailing import LAST_MONTH, LAST_WEEK
from apps.exports.sources import source_for, sources_for
from apps.exports.writers import FORMS
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError
from tenants.context import policy

MOST_COLUMNS, MOST_PEOPLE, MOST_LETTERS = 100, 40, 4000
Step = Callable[..., Receipt]


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form and the list; POST puts one on its schedule; `?change=` fills the form with one, to be changed.

    Eight queries besides who it is and the bar, one more for what is to be changed.
    """
    actor = exporter(request)
    if request.method == "GET":
        named = said(request.GET, "change", 32)
        row = mail_read.schedule_for(actor, named) if named else None
        return _page(request, actor, schedule_words.as_typed(row) if row else request.GET, changed=row)
    try:
        services.save_schedule(**_asked(request.POST), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, request.POST, refusal)
    return _back("saved", said(request.POST, "source"))


@never_cache
@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the form says, instead of what was. Raises ScheduleNotFound."""
    actor, given = exporter(request), request.POST
    row = mail_read.schedule_for(actor, public_id)
    try:
        asked = {name: value for name, value in _asked(given).items() if name != "source"}
        version = whole(given, "version") or 0
        services.change_schedule(public_id=public_id, version=version, **asked, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, given, refusal, changed=row)
    return _back("changed", row.source)


def _step(command: Step, done: str) -> Callable[[HttpRequest, str], HttpResponse]:
    @never_cache
    @require_POST
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        command(public_id=public_id, by=exporter(request), key=key_of(request))
        return _back(done)

    return view


pause = _step(services.pause_schedule, "paused")
resume = _step(services.resume_schedule, "resumed")
remove = _step(services.remove_schedule, "removed")
leave = _step(services.leave_schedule, "left")


@never_cache
@require_POST
def set_address(request: HttpRequest) -> HttpResponse:
    """Where mail reaches somebody; for the administrator."""
    actor, given = exporter(request), request.POST
    try:
        told = {"user_id": whole(given, "user") or 0, "address": said(given, "address", 254)}
        services.set_mail_address(**told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, given, refusal)
    return _back("address")


@never_cache
@require_POST
def allow_domains(request: HttpRequest) -> HttpResponse:
    """Which domains outside reports may go to; for the administrator."""
    actor, given = exporter(request), request.POST
    try:
        services.allow_domains(domains=_lines(given, "domains"), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _page(request, actor, given, refusal)
    return _back("domains")


@never_cache
@require_http_methods(["GET", "POST"])
def leave_by_letter(request: HttpRequest, word: str) -> HttpResponse:
    """Whoever holds a letter needs no account to get no more of it. Raises ScheduleNotFound for a link not ours."""
    told = letters.leaver(word)
    if told is None:
        raise ScheduleNotFound
    schedule, address = told
    row = mail_read.schedule_to_leave(SYSTEM, schedule, address)
    if request.method == "POST":
        services.leave_schedule(public_id=schedule, address=address, by=SYSTEM, key=key_of(request))
    context = {"title": schedule_words.title_of(row), "address": address, "done": request.method == "POST"}
    return render(request, "console/export_leave.html", context)


def _asked(given: QueryDict) -> dict[str, Any]:
    """What the form says. Raises BadSchedule for a time that is none."""
    rule = said(given, "rule", 12)
    people = [int(one) for one in given.getlist("staff")[:MOST_PEOPLE] if one.isascii() and one.isdecimal()]
    return {
        **{name: said(given, name, 30) for name in ("source", "form", "period")}, "rule": rule,
        "day": schedule_words.day_of(rule, given), "at": _time(given), "staff": people,
        "columns": [one[:30] for one in given.getlist("columns")[:MOST_COLUMNS]],
        "outside": _lines(given, "outside"),
    }  # fmt: skip


def _lines(given: QueryDict, name: str) -> list[str]:
    return list(dict.fromkeys(said(given, name, MOST_LETTERS).replace(",", " ").replace("，", " ").split()))


def _time(given: QueryDict) -> time:
    try:
        return time.fromisoformat(said(given, "at", 5))
    except ValueError as error:
        raise BadSchedule({"at": [_("Please give a time like 08:30.")]}) from error


def _page(
    request: HttpRequest, actor: Actor, given: QueryDict, refusal: DomainError | None = None,
    changed: Any = None,
) -> HttpResponse:  # fmt: skip
    tables = sources_for(actor)
    named = changed.source if changed else said(given, "source", 30)
    table = source_for(actor, named or tables[0].code)
    asked = set(given.getlist("columns"))
    columns = [(one, one.code in asked if asked else one.usual) for one in table.columns]
    administrator, domains = is_administrator(actor), "\n".join(policy().report_mail_domains)
    kept = refusal is None  # else what was typed stays
    context = {
        "tables": [(one.code, one.word) for one in tables], "table": table, "periods": table.periods,
        "forms": [(one.code, one.word, export_words.hint(one)) for one in FORMS.values()], "columns": columns,
        "chosen_columns": sum(on for _one, on in columns), "opened": bool(asked),
        "rules": schedule_words.rules(), "weekdays": schedule_words.weekdays(), "days": range(1, 29),
        "people": mail_read.people_to_choose(actor), "picked": set(given.getlist("staff")),
        "chosen": schedule_words.chosen(given), "set_up": mail_read.is_set_up(),
        "changed": changed, "refusal": refusal.sentence if refusal else "",
        "wrong": {name: sentences[0] for name, sentences in getattr(refusal, "fields", {}).items()},
        "schedules": [schedule_words.told(one) for one in mail_read.schedules_for(actor)],
        "said": schedule_words.DONE.get(request.GET.get("done", ""), ""), "administrator": administrator,
        "everybody": mail_read.addresses_for(actor) if administrator else [],
        "told_user": 0 if kept else whole(given, "user"), "told_address": "" if kept else said(given, "address", 254),
        "told_domains": said(given, "domains", MOST_LETTERS) if "domains" in given and not kept else domains,
        "weekly": LAST_WEEK, "monthly": LAST_MONTH, "domains": domains, "most_mb": f"{policy().report_mail_max_mb:g}",
    }  # fmt: skip
    return render(request, "console/export_schedules.html", context, status=refusal.status if refusal else 200)


def _back(done: str, source: str = "") -> HttpResponse:
    """To the list; what is no schedule is said above."""
    more = f"&source={source}" if source else ""
    place = "" if done in {"address", "domains"} else "#schedules"
    return HttpResponseRedirect(f"{reverse('console:export-schedules')}?done={done}{more}{place}", status=303)
