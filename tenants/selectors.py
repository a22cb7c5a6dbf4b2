"""Reads about branches, for the rooms above."""

from hashlib import sha256
from typing import Any

from steppe.kernel.hashing import canonical
from tenants.models import PolicyChange, Tenant, WeChatRoute


def has_wechat(tenant: Tenant) -> bool:
    """Has the branch a service account that is switched on? One query in `public`."""
    return WeChatRoute.objects.filter(tenant_id=tenant.pk, enabled=True).exists()


def stamp_of(policy: dict[str, Any]) -> str:
    """A short name of what a branch has decided: the same decisions, the same stamp. No query."""
    return sha256(canonical(policy).encode()).hexdigest()[:16]


def policy_changes(tenant: Tenant, *, limit: int = 40) -> list[PolicyChange]:
    """What this branch decided anew, newest first. One query in `public`."""
    return list(PolicyChange.objects.filter(tenant_id=tenant.pk).order_by("-at", "-id")[:limit])
