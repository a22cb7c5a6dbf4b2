"""Addresses of the branch's own pages, as WeChat and people's phones need them: complete, without any secret."""

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.context import current_branch, in_public
from tenants.models import Domain, Tenant

USUAL_PORTS = {"http": 80, "https": 443}
NO_PAGE = "/h5/mine"


def branch_host() -> str:
    """The host name of the branch's site, without port. One query in `public`."""
    return Domain.objects.get(tenant_id=current_branch().pk, is_primary=True).domain


def page_url(path: str, host: str = "") -> str:
    """The complete address of a page of this branch."""
    return f"{settings.STEPPE_SCHEME}://{host or branch_host()}{_port()}{path}"


def auth_url(path: str) -> str:
    """The complete address of a page of the central host, where shared accounts are at home."""
    return f"{settings.STEPPE_SCHEME}://{settings.STEPPE_AUTH_HOST}{_port()}{path}"


def branch_url(branch: Tenant, path: str) -> str:
    """The complete address of a page of any branch. One query in `public`."""
    with in_public():
        host = Domain.objects.get(tenant_id=branch.pk, is_primary=True).domain
    return page_url(path, host)


def safe_page(wanted: str) -> str:
    """A page of this very site, or the customer's own list: never a foreign address (open redirect)."""
    local = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local and wanted.startswith("/") else NO_PAGE


def _port() -> str:
    # Behind https stands a proxy with the usual port; on one machine the port is part of the address.
    port = settings.STEPPE_WEB_PORT
    return "" if settings.STEPPE_SCHEME == "https" or port == USUAL_PORTS["http"] else f":{port}"
