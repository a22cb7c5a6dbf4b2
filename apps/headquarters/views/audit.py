"""审计查询: one branch at a time; who, what, about which ticket, when. The search itself is written down too."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.headquarters import audit_read, given
from apps.headquarters.audit_read import LONGEST, OWN, Wanted
from apps.headquarters.branches_read import all_branches, name_of
from apps.headquarters.permissions import AUDIT
from apps.headquarters.services.looking import note_search
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import DomainError

USUAL = 7  # days
OUTCOMES = {"": _("All of them"), "done": pgettext_lazy("audit", "Done"), "refused": pgettext_lazy("audit", "Refused")}


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The form, and a page of the chosen branch's lines. Seven queries besides who it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, AUDIT)
    wanted = _wanted(request)
    context: dict[str, Any] = {
        "wanted": wanted, "branches": [(OWN, _("Headquarters itself"))]
        + [(one.code, name_of(one)) for one in all_branches(actor)],
        "outcomes": OUTCOMES.items(),
    }  # fmt: skip
    if not wanted.branch:
        return render(request, "headquarters/audit.html", context)
    try:
        found = audit_read.search(actor, wanted)
    except DomainError as refusal:
        return render(
            request, "headquarters/audit.html", context | {"refusal": refusal.sentence}, status=refusal.status
        )
    note_search(wanted=wanted, by=actor)
    more = f"{_query(wanted)}&before={found.before}" if found.before else ""
    return render(request, "headquarters/audit.html", context | {"page": found, "more": more})


def _wanted(request: HttpRequest) -> Wanted:
    """As the address says; a period that is too long ends where it asks to end."""
    told, today = request.GET, date.fromisoformat(clock.today())
    last = given.day(told, "to", today)
    first = given.day(told, "from", last - timedelta(days=USUAL - 1))
    if not 0 <= (last - first).days < LONGEST:
        first = last - timedelta(days=LONGEST - 1)
    outcome = given.text(told, "outcome", 8)
    return Wanted(
        branch=given.text(told, "branch", 8), first=first, last=last, who=given.text(told, "who"),
        what=given.text(told, "what"), ticket=given.text(told, "ticket", 24),
        outcome=outcome if outcome in OUTCOMES else "", before=given.number(told, "before"),
    )  # fmt: skip


def _query(wanted: Wanted) -> str:
    told = {
        "branch": wanted.branch, "from": wanted.first, "to": wanted.last, "who": wanted.who, "what": wanted.what,
        "ticket": wanted.ticket, "outcome": wanted.outcome,
    }  # fmt: skip
    return urlencode({name: value for name, value in told.items() if value})
