"""Branches come, pause and return through these services only. Each writes one schema."""

import secrets
import string
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django_tenants.utils import schema_exists

from steppe.kernel import bells, clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection
from steppe.kernel.journal.models import AuditEntry, EventStream
from steppe.kernel.names import PUBLIC
from tenants import blueprint, hosts, naming, news, selectors
from tenants.context import in_branch, in_public
from tenants.errors import BranchNotReady, NameTaken, PolicyMoved
from tenants.models import Domain, PolicyChange, Status, Tenant
from tenants.policy import STARTING, policy_from, with_days_before, with_hours_before
from tenants.provisioning import run_seeds, tell_status

ALPHABET = string.ascii_lowercase + string.digits
LOCK = 0x6272616E  # "bran": the advisory locks of branches that are being made, one for each id


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

    Raises NameTaken, BranchNotReady while somebody else is opening it, and what tenants.naming finds wrong; then
    nothing has changed. Safe to run again after a failure: an unfinished branch is continued.
    """
    naming.check(code=code, slug=slug, name=name)
    chosen = STARTING | (policy or {})
    policy_from(chosen)
    tenant = _row(code=code, slug=slug, name=name, name_en=name_en, policy=chosen)
    with _alone(tenant):
        _check_unfinished(tenant)
        _fill(tenant)
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


def change_policy(*, tenant_id: int, wanted: dict[str, Any], stamp: str, by: Actor, key: str) -> Receipt:
    """Write what the branch decides; what differs is kept with its value before. The caller has judged the values.

    Raises PolicyMoved unless `stamp` is that of the present policy. Every process knows it within a second.
    """
    with in_public():
        receipt = _change_policy(tenant_id=tenant_id, wanted=wanted, stamp=stamp, by=by, key=key)
    here = connection.tenant
    if isinstance(here, Tenant) and here.pk == tenant_id:
        here.policy = here.policy | {name: after for name, (_before, after) in receipt.facts["changes"].items()}
    hosts.forget()
    news.tell()
    return receipt


@command("tenants.change_policy")
def _change_policy(*, tenant_id: int, wanted: dict[str, Any], stamp: str, by: Actor) -> Receipt:
    tenant = Tenant.objects.select_for_update().get(id=tenant_id)
    if stamp != selectors.stamp_of(tenant.policy):
        raise PolicyMoved
    known, today = policy_from(tenant.policy), clock.now().astimezone(clock.BUSINESS_ZONE).date()
    before, wanted = asdict(known), with_days_before(wanted, known, today)
    wanted = with_hours_before(wanted, known, clock.now())
    changes = {name: [_listed(before[name]), value] for name, value in wanted.items() if value != _listed(before[name])}
    chosen = tenant.policy | {name: after for name, (_before, after) in changes.items()}
    policy_from(chosen)
    if changes:
        Tenant.objects.filter(id=tenant_id).update(policy=chosen)
        PolicyChange.objects.create(tenant=tenant, changes=changes, by=by.ref, by_name=by.name[:60], at=clock.now())
    facts = {"stamp": selectors.stamp_of(chosen), "changes": changes}
    return Receipt("tenant", tenant_id, tenant.code, 0, facts)


def _listed(value: Any) -> Any:
    """As JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def suspend_branch(*, tenant_id: int, by: str) -> None:
    """Close every door of a branch; nothing is lost."""
    _set_status(Tenant.objects.get(id=tenant_id), Status.SUSPENDED, by)


def resume_branch(*, tenant_id: int, by: str) -> None:
    """Open a suspended branch again."""
    _set_status(Tenant.objects.get(id=tenant_id), Status.ACTIVE, by)


def _row(*, code: str, slug: str, **rest: Any) -> Tenant:
    """The new row with its host, or that of the unfinished branch of exactly these names."""
    try:
        with in_public(), transaction.atomic():
            tenant = _unfinished(code, slug) or _new(code=code, slug=slug, **rest)
            domain, _ = Domain.objects.get_or_create(domain=_host(slug), defaults={"tenant": tenant})
            if domain.tenant_id != tenant.pk:
                raise NameTaken(name=slug)
    except IntegrityError as error:  # somebody took the name at the same moment
        raise NameTaken(name=f"{code}, {slug}") from error
    return tenant


def _unfinished(code: str, slug: str) -> Tenant | None:
    """Raises NameTaken when code or slug is another branch's."""
    found = Tenant.objects.filter(Q(code=code) | Q(slug=slug)).first()
    if found is None:
        return None
    if (found.code, found.slug, found.status) != (code, slug, Status.PROVISIONING):
        raise NameTaken(name=code if found.code == code else slug)
    return found


def _new(**facts: Any) -> Tenant:
    schema = "t_" + "".join(secrets.choice(ALPHABET) for _ in range(10))
    return Tenant.objects.create(schema_name=schema, **facts)


@contextmanager
def _alone(tenant: Tenant) -> Iterator[None]:
    """Nobody else makes this branch inside the block: two migrations of one schema trip over each other.

    The lock lives on a connection of its own, because migrating closes ours; it is gone when its holder is.
    """
    which = [LOCK, tenant.pk]
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", which)
        if not cursor.fetchone()[0]:
            raise BranchNotReady
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", which)


def _check_unfinished(tenant: Tenant) -> None:
    """Raises NameTaken when somebody else has finished it since we looked."""
    if not Tenant.objects.filter(pk=tenant.pk, status=Status.PROVISIONING).exists():
        raise NameTaken(name=tenant.code)


def _fill(tenant: Tenant) -> None:
    _make_schema(tenant)
    with in_branch(tenant):
        EventStream.objects.get_or_create(id=1)
        run_seeds(tenant)


def _make_schema(tenant: Tenant) -> None:
    """Schema and tables; an interrupted run is taken up where it stopped."""
    if schema_exists(tenant.schema_name):
        blueprint.migrate(tenant)
    else:
        blueprint.build(tenant)


def _set_status(tenant: Tenant, status: Status, by: str) -> None:
    with in_public(), transaction.atomic():
        Tenant.objects.filter(id=tenant.pk).update(status=status)
        AuditEntry.objects.create(
            action=f"tenants.{status}", actor=by, actor_name=by, entity="tenant", entity_id=tenant.pk,
            outcome="done", details={}, at=clock.now(),
        )  # fmt: skip
    tenant.status = status
    hosts.forget()
    news.tell()
    bells.rights_changed.ring(tenant.schema_name, "")
    with in_branch(tenant), transaction.atomic():
        tell_status(status == Status.ACTIVE)


def _host(slug: str) -> str:
    return f"{slug}.{settings.STEPPE_BASE_DOMAIN}"
