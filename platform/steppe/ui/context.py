"""What every page knows: whose branch, who looks, where the socket is, what time it is here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from steppe.kernel import clock
from steppe.ui.origins import socket_url


def page(request: HttpRequest) -> dict[str, Any]:
    """The standard context of the base templates; no query."""
    now = clock.now()
    return {
        "branch": getattr(request, "tenant", None),
        "actor": getattr(request, "actor", None),
        "socket_url": socket_url(request),
        "server_now": now,
        "server_now_ms": int(now.timestamp() * 1000),
        "jssdk_url": getattr(settings, "STEPPE_JSSDK_URL", ""),
        "theme": getattr(request, "theme", ""),
        "text_size": getattr(request, "text_size", ""),
    }
