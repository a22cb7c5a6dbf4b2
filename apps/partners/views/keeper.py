"""What the administrator's pages share: who comes in, the key of a form, the way back with one sentence."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.partners.permissions import KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import KeyMissing


def keeper(request: HttpRequest) -> Actor:
    """The branch's administrator. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, KEEPERS)
    return actor


def key_of(request: HttpRequest) -> str:
    """The form's hidden key. Raises KeyMissing."""
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    return key


def back(page: str, done: str) -> HttpResponse:
    """To the page again, with the sentence of what was done."""
    return HttpResponseRedirect(f"{reverse(page)}?done={done}", status=303)
