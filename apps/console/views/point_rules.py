"""工量规则: the versions, the editor of a draft with the formula beside it, publishing and withdrawing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import key_of, rules_reader
from apps.console.rules_draft import Draft
from apps.console.rules_example import Types, example
from apps.console.rules_form import sections, wrong_cells
from apps.console.said import said, whole
from apps.costing import rule_words, rules_read, tries_read
from apps.costing.rule_errors import RulesMoved
from apps.costing.rule_permissions import RULE_PUBLISHERS, RULE_TRIERS, RULE_WRITERS
from apps.costing.rules.periods import following, period_of, preceding
from apps.costing.services import rules
from apps.tickets.types_read import forms_in_force
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid

SAVE, PREVIEW = "save", "preview"
MONTHS = 6  # that a draft may be tried out on


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every version the reader may see. Three queries besides who it is."""
    actor = rules_reader(request)
    context = {
        "versions": rules_read.versions_for(actor), "may_write": actor.holds(*RULE_WRITERS),
        "done": _said(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "console/points/rules.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A draft, from the newest version or from the one that is named."""
    actor = rules_reader(request)
    made = rules.draft_rules(pattern=whole(request.POST, "pattern") or 0, by=actor, key=key_of(request))
    return HttpResponseRedirect(reverse("console:rule-set", args=[made.public_id]), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """One version: a draft to change, anything else to read. POST saves, or changes the draft by the pressed button."""
    actor = rules_reader(request)
    kept = rules_read.version_for(actor, number)
    if request.method == "GET":
        return _page(request, actor, kept, Draft.of(kept.row))
    draft, do = Draft.read(request.POST, number), request.POST.get("do", "")
    if do == PREVIEW:
        return render(request, "console/points/_formula.html", {"example": example(draft, request.POST, _types())})
    if do != SAVE:
        draft.change(do)
        return _page(request, actor, kept, draft)
    try:
        rules.change_rules(number=number, version=draft.version, body=draft.body, by=actor, key=key_of(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, kept, draft, refusal)
    return _done(number, "saved")


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """From which day it counts, and how the workers were heard."""
    actor, told = rules_reader(request), request.POST
    kept = rules_read.version_for(actor, number)
    try:
        rules.publish_rules(
            number=number, version=whole(told, "version") or 0, note=said(told, "note", 300),
            effective_from=_day(told.get("effective_from", "")), by=actor, key=key_of(request),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        draft = Draft.of(kept.row)
        draft.note = said(told, "note", 300)
        return _refused(request, actor, kept, draft, refusal, day=told.get("effective_from", ""))
    return _done(number, "published")


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Nobody needs this draft."""
    actor = rules_reader(request)
    seen = whole(request.POST, "version") or 0
    rules.withdraw_rules(number=number, version=seen, by=actor, key=key_of(request))
    return HttpResponseRedirect(f"{reverse('console:rules')}?done=withdrawn", status=303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid({"effective_from": [_("Please choose a day.")]}) from error


def _refused(
    request: HttpRequest,
    actor: Actor,
    kept: rules_read.RuleSet,
    draft: Draft,
    refusal: DomainError,
    day: str = "",
) -> HttpResponse:
    """Everything typed is still there. Who was overtaken may save again, now knowing the newer version."""
    if isinstance(refusal, RulesMoved):
        draft.version = rules_read.version_for(actor, kept.row.number).row.version
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return _page(
        request, actor, kept, draft, errors=errors, refusal=refusal.sentence, day=day, status=refusal.status
    )  # fmt: skip


def _page(
    request: HttpRequest,
    actor: Actor,
    kept: rules_read.RuleSet,
    draft: Draft,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    day: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the form with its formula. At most five queries besides who it is."""
    types = _types()
    parts = sections(draft, errors or {}, types)
    context: dict[str, Any] = {
        "kept": kept, "draft": draft, "sections": parts, "errors": errors or {}, "wrong_cells": wrong_cells(parts),
        "refusal": refusal, "may_change": kept.is_draft and actor.holds(*RULE_WRITERS),
        "example": example(draft, request.POST, types),
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, "console/points/_rules_form.html", context, status=status)
    return render(
        request, "console/points/rule_set.html", context | _beside(request, actor, kept, types, day), status=status
    )


def _beside(request: HttpRequest, actor: Actor, kept: rules_read.RuleSet, types: Types, day: str) -> dict[str, Any]:
    """What stands beside the form: what is new in it, who may go on how."""
    old = rules_read.before(kept.row.number)
    names = {code: name for code, (name, _points) in types.items()}
    return {
        "old": old, "changes": rule_words.differences(old.book, kept.book, names) if old else [],
        "may_write": actor.holds(*RULE_WRITERS), "may_publish": kept.is_draft and actor.holds(*RULE_PUBLISHERS),
        "may_try": kept.is_draft and actor.holds(*RULE_TRIERS), "months": _months(),
        "tries": tries_read.trials_of(actor, kept.row.number), "first_day": rules_read.first_day(), "day": day,
        "done": _said(request.GET.get("done", "")),
    }  # fmt: skip


def _types() -> Types:
    """Name and base points of the types that are offered. One query."""
    return {one.type.code: (one.type.name, Decimal(one.definition.base_points)) for one in forms_in_force()}


def _months() -> list[str]:
    """Last month first, the present one last."""
    now = period_of(clock.now())
    found = [preceding(now)]
    while len(found) < MONTHS:
        found.append(preceding(found[-1]))
    return [*found, following(found[0])]


def _done(number: int, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:rule-set', args=[number])}?done={what}", status=303)


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "saved": _("The draft is saved. It counts for nobody until it is published."),
        "published": _("Published. Tickets finished from its day on go by this version; earlier ones keep theirs."),
        "withdrawn": _("The draft is withdrawn."),
    }.get(done, "")
