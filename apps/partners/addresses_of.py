"""Where this branch's interfaces are, as partners know them: absolute, because an event is read elsewhere."""

from django.conf import settings

from tenants.context import current_branch
from tenants.models import Domain


def root(interface: str) -> str:
    """Without a final slash. One query in `public`."""
    host = Domain.objects.get(tenant_id=current_branch().pk, is_primary=True).domain
    usual = settings.STEPPE_SCHEME == "https" or settings.STEPPE_WEB_PORT == 80  # a proxy stands before us
    port = "" if usual else f":{settings.STEPPE_WEB_PORT}"
    return f"{settings.STEPPE_SCHEME}://{host}{port}/tmf-api/{interface}/v4"
