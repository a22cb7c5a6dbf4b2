"""Sets the branch by host name, and gates every door by the branch's status."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape

from steppe.kernel.db import connection
from steppe.kernel.errors import DomainError
from steppe.kernel.names import PUBLIC
from tenants.errors import BranchNotReady, BranchSuspended, UnknownHost
from tenants.hosts import bare_host, branch_at
from tenants.models import Status, Tenant

CLOSED: dict[str, type[DomainError]] = {
    Status.SUSPENDED: BranchSuspended,
    Status.CLOSING: BranchSuspended,
    Status.PROVISIONING: BranchNotReady,
}
PAGE = """<!doctype html>
<html lang="{lang}" data-theme="auto"><head><meta charset="utf-8"><title>Steppe 格派</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{style}"></head>
<body><main class="refusal"><h1>{sentence}</h1><small class="refusal-code mono">{code}</small></main></body></html>
"""


class BranchMiddleware:
    """First of all middlewares that touch the database. An unknown host gets 404, never `public`.

    The central host of shared WeChat accounts stands in `public` with addresses of its own, and reads no cookie:
    whoever was signed in anywhere is nobody there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        try:
            host = request.get_host()
        except DisallowedHost:
            return closed(UnknownHost(), request)
        if bare_host(host) == settings.STEPPE_AUTH_HOST:
            enter_auth_host(request)
            return self.get_response(request)
        tenant = branch_at(host)
        if tenant is None:
            return closed(UnknownHost(), request)
        if tenant.status in CLOSED:
            return closed(CLOSED[tenant.status](), request)
        enter(request, tenant)
        return self.get_response(request)


def enter(request: HttpRequest, tenant: Tenant) -> None:
    """Point request, connection and URLs at the branch."""
    request.tenant = tenant  # type: ignore[attr-defined]
    connection.set_tenant(tenant)
    if tenant.schema_name == PUBLIC:
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]


def enter_auth_host(request: HttpRequest) -> None:
    """No branch, no cookie: what is served there proves itself, or is not heard."""
    request.tenant = Tenant(schema_name=PUBLIC)  # type: ignore[attr-defined]  # nobody's: no session names its uuid
    request.COOKIES = {}
    request.urlconf = settings.STEPPE_AUTH_URLCONF  # type: ignore[attr-defined]


def _lang(request: HttpRequest) -> str:
    return "en" if translation.get_language_from_request(request).startswith("en") else "zh-Hans"


def closed(refusal: DomainError, request: HttpRequest) -> HttpResponse:
    """A plain page in the browser's language: no session, no template, no query behind it."""
    with translation.override(translation.get_language_from_request(request)):
        sentence = escape(refusal.sentence)
    page = PAGE.format(lang=_lang(request), style=static("ui/desk.css"), sentence=sentence, code=refusal.code)
    response = HttpResponse(page, status=refusal.status)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
    return response
