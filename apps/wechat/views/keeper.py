"""What the administrator's pages share: who comes in, the key of a form, the way back with one sentence."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.wechat import guide_words
from apps.wechat.permissions import ACCOUNT_KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import KeyMissing


def keeper(request: HttpRequest) -> Actor:
    """The branch's administrator. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, ACCOUNT_KEEPERS)
    return actor


def key_of(request: HttpRequest) -> str:
    """The client's own key of a write: the form's hidden input, or the header. Raises KeyMissing."""
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    return key


def back(page: str, done: str = "", *, at: str = "") -> HttpResponse:
    """To the page again, at the step or card that was worked on, with the sentence of what was done."""
    told = urlencode({name: value for name, value in (("done", done), ("at", at)) if value})
    return HttpResponseRedirect(f"{reverse(page)}{'?' + told if told else ''}{'#at-' + at if at else ''}", status=303)


def said(request: HttpRequest) -> str:
    """The sentence of what was done; empty for anything we did not do."""
    return str(guide_words.DONE.get(request.GET.get("done", ""), ""))
