"""Where we may call on behalf of a branch: a named host, and never a machine of our own house. Pure.

The name is judged when a listener is registered and before every call; the addresses that it resolves to are judged at
the moment of connecting, by who connects (outbound.py), so that a name that means something else by then helps nobody.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST = 300
_NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PATH = re.compile(r"[\x21-\x7e]*")
# IPv6 that carries an IPv4 address inside: 6to4, Teredo, the translators' prefixes.
_CARRIERS = tuple(map(IPv6Network, ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


@dataclass(frozen=True)
class Address:
    """A callback, taken apart. `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def allowed_as(self) -> str:
        """As it stands in the list of allowed hosts: without the port where it is the usual one of https."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


def parse(url: str) -> Address | None:
    """A callback that can be called at all; nothing for anything odd: names, passwords, fragments, other schemes."""
    if len(url) > LONGEST or not _PATH.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"https", "http"} or "@" in parts.netloc or parts.fragment or not _NAME.fullmatch(host):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme], path)


def host_entry(text: str) -> str:
    """A line of the list as it is kept: `name` or `name:port`, in small letters; empty when it is no such thing."""
    found = parse(f"https://{text.strip().lower()}/")
    return found.allowed_as if found and found.path == "/" else ""


def is_public(text: str) -> bool:
    """Is this a single machine of the open internet? Private, loopback, link-local, multicast, reserved and carried
    addresses are none."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and any(address in carrier for carrier in _CARRIERS):
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_loopback(text: str) -> bool:
    """This very machine: for the demo and the tests, by a setting alone."""
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
