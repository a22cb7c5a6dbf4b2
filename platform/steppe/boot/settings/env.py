"""Environment variables, read once and refused loudly when they make no sense."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """A string; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise ImproperlyConfigured(f"set {name}")
    return value


def number(name: str, default: int) -> int:
    """A whole number."""
    raw = os.environ.get(name, str(default))
    if not raw.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}")
    return int(raw)


def flag(name: str, default: bool) -> bool:
    """`True` or `False`, nothing else."""
    raw = os.environ.get(name, str(default))
    if raw not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name} must be True or False, not {raw!r}")
    return raw == "True"


def one_of(name: str, default: str, words: tuple[str, ...]) -> str:
    """One of these words."""
    raw = os.environ.get(name, default)
    if raw not in words:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(words)}, not {raw!r}")
    return raw


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks as `10.0.0.0/8, 192.0.2.7`, commas between; none when it is not set."""
    parts = [part.strip() for part in os.environ.get(name, "").split(",")]
    try:
        return [ip_network(part) for part in parts if part]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.0.0.0/8, commas between: {error}") from None


def database(name: str, default: str | None = None) -> dict[str, object]:
    """`postgresql://user:password@host:port/name` as Django wants it; by a socket in a folder with `?host=/path`."""
    parts = urlsplit(text(name, default))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(query.get("port", parts.port or "")),
    }


def address(name: str, default: str) -> str:
    """`host:port` of such a URL: where others reach the server, also if we ourselves come by its socket."""
    parts = urlsplit(text(name, default))
    return f"{parts.hostname or ''}:{parts.port or 5432}"
