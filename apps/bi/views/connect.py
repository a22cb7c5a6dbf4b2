"""连接: how spreadsheets and BI tools read this branch (or headquarters), and the keys they need.

A token and a password are shown in the answer to the very form that made them, and never again: they stand nowhere.
"""

import secrets as randomness
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.bi import addresses, reader_read, roles_sql, services, tokens_read, words
from apps.bi.permissions import ALL_READERS, KEEPERS, keeps_the_reader
from apps.bi.rules.sets import sets_of
from apps.bi.rules.shapes import HEADQUARTERS
from apps.bi.site import code, site
from apps.bi.tokens_read import KIND
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import Conflict, DomainError, Invalid, KeyMissing, KeyReused
from tenants import tokens

USUAL_DAYS, PASSWORD_BYTES = 180, 24


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Addresses, steps for each tool, the own tokens."""
    return _page(request, _reader(request))


@never_cache
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new token; it is on the page that answers."""
    actor, told = _reader(request), {"title": request.POST.get("title", "").strip()[:100], "days": _days(request)}
    name, token = tokens.new_name(), tokens.new_token(KIND)
    kept = {"public_id": name, "token_hash": token.kept, "token_end": token.end}
    try:
        services.make_token(**told, **kept, by=actor, key=_key(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, refusal, told)
    return _page(request, actor, shown={"title": told["title"], "token": token.shown})


@require_POST
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Refused from now on."""
    services.revoke_token(public_id=token, by=_reader(request), key=_key(request))
    return _back("revoked")


@never_cache
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password of the database's reader, who is made if need be; it is on the page that answers."""
    actor, role = _keeper(request), roles_sql.role_name(code())
    secret = randomness.token_urlsafe(PASSWORD_BYTES)
    try:
        services.give_password(role=role, password=roles_sql.verifier(role, secret), by=actor, key=_key(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, refusal, {})
    return _page(request, actor, shown={"role": role, "password": secret})


@require_POST
def end_reader(request: HttpRequest) -> HttpResponse:
    """The role is gone."""
    services.revoke_reader(by=_keeper(request), key=_key(request))
    return _back("ended")


def _reader(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, ALL_READERS)
    return actor


def _keeper(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, KEEPERS)
    return actor


def _key(request: HttpRequest) -> str:
    key = request.POST.get("idempotency_key", "")
    if not key:
        raise KeyMissing
    return key


def _days(request: HttpRequest) -> int:
    """0, which nothing allows, for what is no number."""
    text = request.POST.get("days", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('bi:connect')}?done={done}", status=303)


def _refused(request: HttpRequest, actor: Actor, refusal: DomainError, told: dict[str, Any]) -> HttpResponse:
    """What was typed is still there. A form that was sent twice has its secret on the answer that got lost."""
    sentence = _("This was done already, and it was shown once. Make another one.")
    said = sentence if isinstance(refusal, KeyReused) else refusal.sentence
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return _page(request, actor, told=told, refusal=said, errors=errors, status=refusal.status)


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    """Two queries besides who it is and the bar: the database's name and the own tokens; two more for a keeper."""
    at_centre, keeper = site() == HEADQUARTERS, keeps_the_reader(actor)
    context = {
        "base": "headquarters/base.html" if at_centre else "console/base.html", "keeper": keeper,
        "doors": addresses.doors(request), "own": tokens_read.shown(tokens_read.own_tokens(actor)),
        "others": tokens_read.shown(tokens_read.tokens_of_others(actor)) if keeper else [],
        "reader": reader_read.present_reader() if keeper else None, "at_centre": at_centre,
        "sets": [(one, words.SETS[one.name]) for one in sets_of(site())],
        "told": {"days": USUAL_DAYS} | more.pop("told", {}), "done": words.DONE.get(request.GET.get("done", "")),
    }  # fmt: skip
    return render(request, "bi/connect.html", context | more, status=status)
