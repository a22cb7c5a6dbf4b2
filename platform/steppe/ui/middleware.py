"""Headers that keep a page to itself: strict CSP, no sniffing, no framing, location only on the phone, the camera only
where staff scan.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from steppe.ui.origins import origin_of, socket_origin

PHONE_PREFIXES = ("/h5/", "/w/")
SCANNING = ("/w/", "/console/stock/")


class SecurityHeadersMiddleware:
    """Sets the headers unless a view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in headers_for(request).items():
            response.headers.setdefault(name, value)
        return response


def headers_for(request: HttpRequest) -> dict[str, str]:
    """Every security header of an answer to this request."""
    place = "(self)" if is_phone(request) else "()"
    camera = "(self)" if request.path.startswith(SCANNING) else "()"
    headers = {
        "Content-Security-Policy": csp_for(request),
        "Permissions-Policy": f"geolocation={place}, camera={camera}, microphone=(), payment=(), usb=()",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # ticket links carry ids: another site never learns them
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if _ancestors() == "'none'":
        headers["X-Frame-Options"] = "DENY"
    return headers


def csp_for(request: HttpRequest) -> str:
    """The Content-Security-Policy of this request's page, socket origin and (on the phone) JS-SDK included."""
    sdk = origin_of(getattr(settings, "STEPPE_JSSDK_URL", "")) if is_phone(request) else ""
    # The sandbox's stand-in for the JS-SDK asks its own server; Tencent's talks to the app around the page.
    stand_in = list(getattr(settings, "STEPPE_SANDBOX_ORIGINS", [])) if is_phone(request) else []
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", sdk],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        # Old Safari does not count a socket of the same host as 'self': always say it.
        "connect-src": ["'self'", socket_origin(request), sdk, *stand_in],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": [_ancestors()],
    }
    return "; ".join(f"{name} {' '.join(dict.fromkeys(filter(None, to)))}" for name, to in rules.items())


def is_phone(request: HttpRequest) -> bool:
    """Pages that may ask for the location and load WeChat's script."""
    return request.path.startswith(tuple(getattr(settings, "STEPPE_PHONE_PREFIXES", PHONE_PREFIXES)))


def _ancestors() -> str:
    # The sandbox's phone may show pages in a frame of its own; nothing else ever may.
    return str(getattr(settings, "STEPPE_FRAME_ANCESTORS", "'none'"))
