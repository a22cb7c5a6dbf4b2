"""From which network address somebody comes: what limits count by. A header is believed only from a trusted proxy."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str:
    """The visitor's own address, as far as our proxies vouch for it; "" when there is none (a local socket).

    X-Forwarded-For is read from the right, past trusted hops only: what stands further left was written by the
    visitor. A word that is no address is not believed either, nor what stands left of it.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    nearest = _parsed(peer)
    if nearest is None:
        return str(peer)
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _trusted(nearest) and told and (before := _parsed(told.pop())) is not None:
        nearest = before
    return str(nearest)


def _trusted(address: Address) -> bool:
    return any(address in network for network in settings.STEPPE_TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    """`::ffff:10.0.0.1` is 10.0.0.1: a socket of both kinds writes it so."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
