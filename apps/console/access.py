"""The door of the console and the key of a form."""

from django.http import HttpRequest

from apps.tickets.permissions import ACTIONS, CONSOLE, SETTINGS_KEEPERS, TYPE_KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import KeyMissing


def desk_actor(request: HttpRequest) -> Actor:
    """Who is at the desk. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, CONSOLE)
    return actor


def actor_for(request: HttpRequest, action: str) -> Actor:
    """Who is at the desk and knows this action at all."""
    actor = desk_actor(request)
    require(actor, ACTIONS[action])
    return actor


def types_keeper(request: HttpRequest) -> Actor:
    """Who keeps the branch's ticket types."""
    actor = desk_actor(request)
    require(actor, TYPE_KEEPERS)
    return actor


def settings_keeper(request: HttpRequest) -> Actor:
    """Who decides the branch's settings."""
    actor = desk_actor(request)
    require(actor, SETTINGS_KEEPERS)
    return actor


def key_of(request: HttpRequest) -> str:
    """The client's own key of a write: the form's hidden input, or the header. Raises KeyMissing."""
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    return key
