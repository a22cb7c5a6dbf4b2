"""管理 → 对接: systems with their tokens, the hosts that may be called, who listens.

A token and a signing key are shown in the answer to the very form that made them, and never again: they stand nowhere.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.partners import addresses_of, credentials, deliveries_read, services, words
from apps.partners.rules.scopes import HUBS
from apps.partners.views.keeper import back, keeper, key_of
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Conflict, DomainError, Invalid, KeyReused

PAGE = "partners:page"
USUAL_DAYS, USUAL_RATE = 365, 60


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Who is connected."""
    return _page(request, keeper(request))


@never_cache
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """A new system; its token and its key are on the page that answers."""
    actor, told = keeper(request), _told(request)
    name, token, key = credentials.new_name(), credentials.new_token(), credentials.new_signing_key()
    kept = {"public_id": name, "token_hash": token.kept, "token_end": token.end}
    try:
        services.connect_partner(**told, **kept, sealed_key=credentials.seal(name, key), by=actor, key=key_of(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, refusal, told)
    return _page(request, actor, shown={"title": told["title"], "token": token.shown, "key": key})


@never_cache
@require_POST
def renew(request: HttpRequest, partner: str) -> HttpResponse:
    """Another token for the same system."""
    actor, token = keeper(request), credentials.new_token()
    told = {"days": _whole(request, "days"), "token_hash": token.kept, "token_end": token.end}
    try:
        made = services.renew_token(public_id=partner, **told, by=actor, key=key_of(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, refusal, {})
    title = next(one.name for one in deliveries_read.partners_for(actor) if one.pk == made.entity_id)
    return _page(request, actor, shown={"title": title, "token": token.shown})


@require_POST
def revoke(request: HttpRequest, partner: str) -> HttpResponse:
    """Refused from now on."""
    services.revoke_partner(public_id=partner, by=keeper(request), key=key_of(request))
    return back(PAGE, "revoked")


@never_cache
@require_POST
def allow(request: HttpRequest) -> HttpResponse:
    """A host that may be called."""
    actor, host = keeper(request), request.POST.get("host", "").strip()[:260]
    try:
        services.allow_host(host=host, by=actor, key=key_of(request))
    except Invalid as refusal:
        return _refused(request, actor, refusal, {"host": host})
    return back(PAGE, "allowed")


@require_POST
def disallow(request: HttpRequest) -> HttpResponse:
    """A host that is not called any more."""
    services.disallow_host(host=request.POST.get("host", "")[:260], by=keeper(request), key=key_of(request))
    return back(PAGE, "disallowed")


@require_POST
def resume(request: HttpRequest, listener: str) -> HttpResponse:
    """A listener that was paused hears again."""
    services.resume_listener(public_id=listener, by=keeper(request), key=key_of(request))
    return back(PAGE, "resumed")


@require_POST
def end(request: HttpRequest, listener: str) -> HttpResponse:
    """A listener hears nothing more."""
    services.end_listener(public_id=listener, by=keeper(request), key=key_of(request))
    return back(PAGE, "ended")


def _told(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": request.POST.get("title", "").strip()[:100], "scopes": tuple(request.POST.getlist("scopes")),
        "days": _whole(request, "days"), "per_minute": _whole(request, "per_minute"),
    }  # fmt: skip


def _whole(request: HttpRequest, name: str) -> int:
    """0, which nothing allows, for what is no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _refused(request: HttpRequest, actor: Actor, refusal: DomainError, told: dict[str, Any]) -> HttpResponse:
    """What was typed is still there. A form that was sent twice has its token on the answer that got lost."""
    sentence = _("This was done already; the token was shown once. Make another one.")
    said = sentence if isinstance(refusal, KeyReused) else refusal.sentence
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return _page(request, actor, told=told, refusal=said, errors=errors, status=refusal.status)


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    """Four queries besides who it is and the bar: systems, listeners, hosts, and our own address."""
    told = {"days": USUAL_DAYS, "per_minute": USUAL_RATE, "scopes": ()} | more.pop("told", {})
    context = {
        "partners": [_shown(one) for one in deliveries_read.partners_for(actor)],
        "listeners": deliveries_read.listeners_for(actor), "hosts": deliveries_read.hosts_for(actor),
        "scopes": [(name, *words.SCOPES[name], name in told["scopes"]) for name in words.SCOPES],
        "root": addresses_of.root("{0}").replace("{0}", "…"), "hubs": HUBS, "told": told,
        "done": words.DONE.get(request.GET.get("done", "")), "usual_days": USUAL_DAYS,
    }  # fmt: skip
    return render(request, "partners/page.html", context | more, status=status)


def _shown(partner: Any) -> dict[str, Any]:
    """A system in words."""
    return {
        "row": partner, "scopes": [words.SCOPES[name][0] for name in partner.scopes],
        "ends": not partner.revoked_at and partner.expires_at <= clock.now(),
    }  # fmt: skip
