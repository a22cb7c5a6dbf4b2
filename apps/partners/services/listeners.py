"""Listeners are registered and removed by the partner, and taken up again or removed by the branch."""

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.partners import credentials
from apps.partners.callers import Caller
from apps.partners.errors import (
    BadCallback,
    BadQuery,
    HostNotAllowed,
    HubNotFound,
    ListenerNotFound,
    ListenerThere,
)
from apps.partners.models import AllowedHost, Listener
from apps.partners.permissions import KEEPERS
from apps.partners.rules import addresses, asked
from apps.partners.rules.addresses import Address, is_loopback
from apps.partners.rules.scopes import HUBS, needed_for
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command


def register_listener(*, interface: str, callback: str, query: str, caller: Caller, key: str) -> Receipt:
    """Tell this address of what the query names, or of all that the interface has.

    Raises HubNotFound, ScopeMissing, BadQuery, BadCallback, HostNotAllowed, ListenerThere.
    """
    if interface not in HUBS:
        raise HubNotFound
    kinds = asked.event_types(query, HUBS[interface])
    if not kinds:
        raise BadQuery({"query": [str(BadQuery.message) % {"known": HUBS[interface][0]}]}, known=HUBS[interface][0])
    for scope in sorted({scope for kind in kinds for scope in needed_for(kind)}):
        caller.needs(scope)
    told = {"callback": callback, "query": query, "event_types": kinds}
    return _register(**told, partner_id=caller.partner.pk, by=caller.actor, key=key)


@command("partners.register_listener")
def _register(*, callback: str, query: str, event_types: tuple[str, ...], partner_id: int, by: Actor) -> Receipt:
    to = addresses.parse(callback)
    if to is None or not _is_safe(to):
        raise BadCallback({"callback": [str(BadCallback.message)]})
    if not AllowedHost.objects.filter(host=to.allowed_as).exists():
        raise HostNotAllowed({"callback": [str(HostNotAllowed.message) % {"host": to.allowed_as}]}, host=to.allowed_as)
    listener = Listener(
        public_id=credentials.new_name(), partner_id=partner_id, callback=callback, query=query,
        event_types=list(event_types), made_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            listener.save(force_insert=True)
    except IntegrityError as error:
        raise ListenerThere from error
    return _receipt(listener)


def _is_safe(to: Address) -> bool:
    """Plain http only to this very machine, and only where the setting allows that."""
    return to.scheme == "https" or (settings.STEPPE_PARTNERS_LOOPBACK and is_loopback(to.host))


@command("partners.end_listener")
def end_listener(*, public_id: str, by: Actor) -> Receipt:
    """Tell it nothing more. A partner finds only its own. Raises ListenerNotFound."""
    listener = _locked(public_id, by)
    listener.ended_at = clock.now()
    listener.save(update_fields=["ended_at"])
    return _receipt(listener)


@command("partners.resume_listener")
def resume_listener(*, public_id: str, by: Actor) -> Receipt:
    """Somebody is there again: what waited goes out, the oldest first. Raises ListenerNotFound."""
    require(by, KEEPERS)
    listener = _locked(public_id, by)
    listener.paused_at, listener.failures = None, 0
    listener.save(update_fields=["paused_at", "failures"])
    return _receipt(listener)


def _locked(public_id: str, by: Actor) -> Listener:
    """Locks the listener's row and nothing else."""
    rows = Listener.objects.select_for_update().filter(public_id=public_id, ended_at=None)
    if by.kind == "partner":
        rows = rows.filter(partner_id=by.id or 0)
    else:
        require(by, KEEPERS)
    listener = rows.first()
    if listener is None:
        raise ListenerNotFound
    return listener


def _receipt(listener: Listener) -> Receipt:
    return Receipt("listener", listener.pk, listener.public_id)
