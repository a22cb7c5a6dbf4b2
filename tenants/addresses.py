"""The complete address of a page of the branch, for letters that leave the system."""

from django.conf import settings

from tenants.context import current_branch
from tenants.models import Domain


def address_of(path: str) -> str:
    """`https://lotus.example.cn/console/`. One query in `public`."""
    host = Domain.objects.get(tenant_id=current_branch().pk, is_primary=True).domain
    # Behind https stands a proxy with the usual port; on one machine the port is part of the address.
    port = settings.STEPPE_WEB_PORT
    usual = settings.STEPPE_SCHEME == "https" or port == 80
    return f"{settings.STEPPE_SCHEME}://{host}{'' if usual else f':{port}'}{path}"
