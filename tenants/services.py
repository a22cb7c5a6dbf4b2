"""Branches come, pause and return through these services only. Each writes one schema."""

import secrets
import string
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django_tenants.utils import schema_exists

from steppe.kernel import bells, clock
from steppe.kernel.journal.models import AuditEntry, EventStream
from steppe.kernel.names import PUBLIC
from tenants import hosts
from tenants.context import in_branch, in_public
from tenants.errors import NameTaken
from tenants.models import Domain, Status, Tenant
from tenants.policy import policy_from
from tenants.provisioning import run_seeds

ALPHABET = string.ascii_lowercase + string.digits


def create_branch(
    *,
    code: str,
    slug: str,
    name: str,
    name_en: str = "",
    policy: dict[str, Any] | None = None,
    by: str = "system",
) -> Tenant:
    """Open a branch company: row, schema, tables, each room's seeds, domain, then `active`.

    Raises NameTaken. Safe to run again after a failure: an unfinished branch is continued.
    """
    policy_from(policy or {})
    tenant = _row(code=code, slug=slug, name=name, name_en=name_en, policy=policy or {})
    _make_schema(tenant)
    with in_branch(tenant):
        EventStream.objects.get_or_create(id=1)
        run_seeds(tenant)
    _set_status(tenant, Status.ACTIVE, by)
    return tenant


def ensure_headquarters(*, name: str = "总部", name_en: str = "Headquarters") -> Tenant:
    """The public tenant and its host; idempotent."""
    with in_public(), transaction.atomic():
        tenant, _ = Tenant.objects.get_or_create(
            schema_name=PUBLIC,
            defaults={"code": "HQ", "slug": "hq", "name": name, "name_en": name_en, "status": Status.ACTIVE},
        )
        Domain.objects.get_or_create(domain=_host("hq"), defaults={"tenant": tenant, "is_primary": True})
        EventStream.objects.get_or_create(id=1)
    return tenant


def suspend_branch(*, tenant_id: int, by: str) -> None:
    """Close every door of a branch; nothing is lost."""
    _set_status(Tenant.objects.get(id=tenant_id), Status.SUSPENDED, by)


def resume_branch(*, tenant_id: int, by: str) -> None:
    """Open a suspended branch again."""
    _set_status(Tenant.objects.get(id=tenant_id), Status.ACTIVE, by)


def _row(*, code: str, slug: str, name: str, name_en: str, policy: dict[str, Any]) -> Tenant:
    with in_public(), transaction.atomic():
        tenant = Tenant.objects.filter(code=code).first()
        if tenant and (tenant.slug != slug or tenant.status != Status.PROVISIONING):
            raise NameTaken(name=code)
        if tenant is None:
            if Tenant.objects.filter(slug=slug).exists():
                raise NameTaken(name=slug)
            schema = "t_" + "".join(secrets.choice(ALPHABET) for _ in range(10))
            tenant = Tenant.objects.create(
                schema_name=schema, code=code, slug=slug, name=name, name_en=name_en, policy=policy
            )
        Domain.objects.get_or_create(domain=_host(slug), defaults={"tenant": tenant, "is_primary": True})
    return tenant


def _make_schema(tenant: Tenant) -> None:
    """Schema and tables; an interrupted run is taken up where it stopped."""
    if schema_exists(tenant.schema_name):
        call_command("migrate_schemas", schema_name=tenant.schema_name, interactive=False, verbosity=0)
    else:
        tenant.create_schema(verbosity=0)


def _set_status(tenant: Tenant, status: Status, by: str) -> None:
    with in_public(), transaction.atomic():
        Tenant.objects.filter(id=tenant.pk).update(status=status)
        AuditEntry.objects.create(
            action=f"tenants.{status}", actor=by, actor_name=by, entity="tenant", entity_id=tenant.pk,
            outcome="done", details={}, at=clock.now(),
        )  # fmt: skip
    tenant.status = status
    hosts.forget()
    bells.rights_changed.ring(tenant.schema_name, "")


def _host(slug: str) -> str:
    return f"{slug}.{settings.STEPPE_BASE_DOMAIN}"
