"""工量: what waits for the leader's word, a team's month, a person's entries; bonuses and deductions by hand."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console.access import key_of, points_decider, points_reader
from apps.console.said import said
from apps.costing import points_read, points_words, rulesets_read, said_read, services
from apps.costing.errors import BadEntry
from apps.costing.permissions import DECIDERS, REVIEWERS
from apps.costing.services.by_hand import AUTOMATIC
from apps.tickets.worked_read import named_by_number
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError, Invalid

BIGGEST = 19  # digits of a row's id


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Claims, contested shares and repeats, the oldest first. About twenty queries, however many wait."""
    return _waiting(request, points_decider(request))


@require_POST
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes or no to what a technician said of the work."""
    told = {"claim": _id(request, "claim"), "agree": request.POST.get("agree") == "1"}
    return _decide(request, public_id, services.decide_claim, answer=said(request.POST, "answer", 200), **told)


@require_POST
def shares(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who did how much, decided."""
    told = {
        int(name[6:]): _per_cent(str(value))
        for name, value in request.POST.items()
        if name.startswith("share.") and name[6:].isdecimal() and name.isascii() and len(name) < BIGGEST
    }
    return _decide(request, public_id, services.decide_shares, shares=told, reason=said(request.POST, "reason", 200))


@require_POST
def repeat(request: HttpRequest, public_id: str) -> HttpResponse:
    """The cause of a repeat."""
    told = {"cause": said(request.POST, "cause", 12), "note": said(request.POST, "note", 300)}
    return _decide(request, public_id, services.decide_repeat, **told)


@never_cache
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Everybody at or below the reader's nodes in a month. Three queries besides who it is."""
    actor = points_reader(request)
    month = _month(request)
    context = {"rows": points_read.team_month(actor, month), "month": month, "months": points_read.last_months()}
    return render(request, "console/points/team.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, technician_id: int) -> HttpResponse:
    """A person's month entry by entry; POST enters a bonus or a deduction. About twelve queries besides who it is."""
    if request.method == "GET":
        return _person(request, points_reader(request), technician_id)
    actor = points_decider(request)
    try:
        services.enter_points(technician_id=technician_id, **_entered(request), by=actor, key=key_of(request))
    except DomainError as refusal:
        return _person(request, actor, technician_id, refusal)
    return _back_to(technician_id, "entered")


@require_POST
def take_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A bonus or a deduction was a mistake."""
    actor = points_decider(request)
    about = points_read.entry_for(actor, entry_id).row
    try:
        services.take_back_points(
            entry=entry_id, reason=said(request.POST, "reason", 300), by=actor, key=key_of(request)
        )
    except Invalid as refusal:
        return _person(request, actor, about.technician_id, refusal)
    return _back_to(about.technician_id, "taken-back")


def _decide(request: HttpRequest, public_id: str, step: Callable[..., Receipt], **told: Any) -> HttpResponse:
    """Take it; refused, the list is shown with the sentence on top and what was entered."""
    actor = points_decider(request)
    try:
        step(public_id=public_id, **told, by=actor, key=key_of(request))
    except DomainError as refusal:
        return _waiting(request, actor, refusal, public_id)
    return HttpResponseRedirect(f"{reverse('console:points')}?done=decided", status=303)


def _waiting(
    request: HttpRequest, actor: Actor, refusal: DomainError | None = None, about: str = ""
) -> HttpResponse:  # fmt: skip
    context = {
        "waiting": said_read.waiting_for(actor), "refusal": _sentence(refusal), "about": about, "given": request.POST,
        "said": _said(request),
    }  # fmt: skip
    return render(request, "console/points/waiting.html", context, status=refusal.status if refusal else 200)


def _person(
    request: HttpRequest, actor: Actor, technician_id: int, refusal: DomainError | None = None
) -> HttpResponse:  # fmt: skip
    who, month = points_read.technician_for(actor, technician_id), _month(request)
    after = _id(request, "after", request.GET)
    rows = points_read.entries_of(actor, technician_id, month, after=after)
    context = {
        "who": who, "month": points_read.month_of(actor, technician_id, month), "rows": rows,
        "refusal": _sentence(refusal), "wrong": getattr(refusal, "fields", {}), "given": request.POST,
        "said": _said(request),
        "next": rows[-1].row.pk if len(rows) == points_read.MOST else None, "deductions": _deductions(actor),
        "names": points_read.last_months(), "undoable": points_read.undoable(rows),
        "may_enter": actor.holds(*DECIDERS) and actor.technician_id != technician_id,
        "may_take_back": actor.holds(*REVIEWERS) and actor.technician_id != technician_id,
    }  # fmt: skip
    return render(request, "console/points/person.html", context, status=refusal.status if refusal else 200)


def _deductions(actor: Actor) -> list[tuple[str, str]]:
    """What this person may take off: code and words with the points. One query."""
    found = rulesets_read.Books.load().at(clock.now()).rules.deductions
    may = [one for one in found if one.code not in AUTOMATIC and (not one.review or actor.holds(*REVIEWERS))]
    return [(one.code, f"{points_words.named(one)} −{points_words.plain(one.points)}") for one in may]


def _entered(request: HttpRequest) -> dict[str, Any]:
    """The form as the service takes it; a ticket by its number. Raises BadEntry."""
    kind, number = said(request.POST, "kind", 10), said(request.POST, "ticket_no", 24)
    ticket = named_by_number(number) if number else ""
    if number and not ticket:
        raise BadEntry({"ticket": [_("There is no ticket with this number here.")]})
    told: dict[str, Any] = {"kind": kind, "reason": said(request.POST, "reason", 300), "ticket": ticket}
    if kind == "bonus":
        return told | {"points": _points(request)}
    return told | {"code": said(request.POST, "code", 30)}


def _points(request: HttpRequest) -> Decimal | None:
    try:
        found = Decimal(said(request.POST, "points", 8) or "0")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _per_cent(text: str) -> int:
    """What is no per cent is none the service takes."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1


def _id(request: HttpRequest, name: str, sent: Any = None) -> int:
    text = str((request.POST if sent is None else sent).get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < BIGGEST else 0


def _month(request: HttpRequest) -> str:
    return points_read.known_month(said(request.GET, "month", 7))


def _back_to(technician_id: int, done: str) -> HttpResponse:
    where = reverse("console:points-person", args=[technician_id])
    return HttpResponseRedirect(f"{where}?{urlencode({'done': done})}", status=303)


def _sentence(refusal: DomainError | None) -> str:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return " ".join(one for found in fields.values() for one in found) or (refusal.sentence if refusal else "")


def _said(request: HttpRequest) -> str:
    """One sentence of success; empty for anything we did not do."""
    told = {
        "decided": _("Decided. The ledger follows."), "entered": _("Entered. They read it on their phone."),
        "taken-back": _("Taken back."),
    }  # fmt: skip
    return told.get(request.GET.get("done", ""), "") if request.method == "GET" else ""
