"""Reads about branches, for the rooms above."""

from tenants.models import Tenant, WeChatRoute


def has_wechat(tenant: Tenant) -> bool:
    """Has the branch a service account that is switched on? One query in `public`."""
    return WeChatRoute.objects.filter(tenant_id=tenant.pk, enabled=True).exists()
