"""Where the page may connect to: the socket's origin and the JS-SDK's, worked out from settings."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def socket_origin(request: HttpRequest) -> str:
    """ws://host:port of the realtime process; without a port of its own it shares the page's.

    Empty for a host that is none of ours: its refusal carries these headers too, and must stay a refusal.
    """
    scheme = "wss" if request.is_secure() else "ws"
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    port = getattr(settings, "STEPPE_REALTIME_PORT", None)
    if not port or getattr(settings, "STEPPE_REALTIME_SAME_PORT", False):
        return f"{scheme}://{host}"
    return f"{scheme}://{_without_port(host)}:{port}"


def socket_url(request: HttpRequest) -> str:
    """The address <fs-live> dials."""
    return socket_origin(request) + getattr(settings, "STEPPE_SOCKET_PATH", "/ws/live/")


def origin_of(address: str) -> str:
    """scheme://host:port of an address; empty when there is none."""
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def _without_port(host: str) -> str:
    return host[: host.rindex(":")] if ":" in host and not host.endswith("]") else host
