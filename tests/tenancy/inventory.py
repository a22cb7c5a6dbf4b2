"""Every address of the running program, from the URL resolver, beside the policy file's rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, get_resolver

POLICY = Path(__file__).resolve().parents[2] / "platform" / "steppe" / "boot" / "policy.yaml"
URLCONFS = {
    "branch": "steppe.boot.urls_tenant",
    "headquarters": "steppe.boot.urls_public",
    "auth": "steppe.boot.urls_auth",
}


@dataclass(frozen=True)
class Route:
    """One address: its full name, its parameters, and the methods a class-based view offers (None: unknown)."""

    name: str
    path: str
    params: tuple[str, ...]
    methods: tuple[str, ...] | None
    redirects: bool


@cache
def routes(site: str) -> tuple[Route, ...]:
    """All addresses of a site, in the resolver's order. Walked once: seventeen people ask for each of them."""
    return tuple(_walk(get_resolver(URLCONFS[site]), "", "", ()))


def _walk(resolver: Any, path: str, space: str, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here, params = path + str(pattern.pattern), (*above, *pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            kind = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            offered = tuple(m.upper() for m in ("get", "post", "put", "patch", "delete") if kind and hasattr(kind, m))
            redirects = bool(kind and kind.__name__ == "RedirectView")
            name = f"{space}{pattern.name}" if pattern.name else f"{space}?{here}"
            yield Route(name, here, params, offered if kind else None, redirects)
        else:
            yield from _walk(pattern, here, f"{space}{pattern.namespace}:" if pattern.namespace else space, params)


@cache
def policy() -> dict[str, Any]:
    """The policy file."""
    return yaml.safe_load(POLICY.read_text())


@cache
def rows(site: str) -> dict[tuple[str, str], dict[str, Any]]:
    """(address, method) → its row, with `who` spelled out as roles."""
    return {
        (name, method): row | {"who": _roles(row.get("who", []))}
        for name, methods in policy()[site].items()
        for method, row in methods.items()
    }


def _roles(names: list[str]) -> frozenset[str]:
    groups = policy()["groups"]
    found: set[str] = set()
    for name in names:
        found |= _roles(groups[name]) if name in groups else {name}
    return frozenset(found)
