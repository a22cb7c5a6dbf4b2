"""The only door into a branch: never `with tenant:`, never a bare search_path.

Nothing lazy may leave the block: evaluate querysets inside, pass ids out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django_tenants.utils import tenant_context

from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from tenants.models import Status, Tenant
from tenants.policy import Policy, policy_from


class NoBranch(RuntimeError):
    """Branch work was asked for outside a branch."""


@contextmanager
def in_branch(tenant: Tenant) -> Iterator[Tenant]:
    """Stand in the branch's schema inside the block; refuses a schema that does not exist.

    A missing schema would silently read `public`'s table of the same name (reliability.md M8).
    """
    with tenant_context(tenant):
        if not _schema_exists(tenant.schema_name):
            raise NoBranch(f"schema {tenant.schema_name} does not exist")
        yield tenant


def in_public() -> "tenant_context":
    """Stand in headquarters' schema inside the block."""
    return tenant_context(Tenant(schema_name=PUBLIC))


def current_branch() -> Tenant:
    """The branch the connection stands in; no query in a request or a task of ours."""
    tenant = connection.tenant
    if connection.schema_name == PUBLIC:
        raise NoBranch("no branch here")
    if isinstance(tenant, Tenant):
        return tenant
    found = branch_by_schema(connection.schema_name)
    connection.tenant = found
    return found


def policy() -> Policy:
    """The present branch's policy; read once for as long as its row is remembered and says the same."""
    branch = current_branch()
    stored, read = branch.__dict__.get("_policy_read", (None, None))
    if read is None or stored != branch.policy:
        read = policy_from(branch.policy)
        branch.__dict__["_policy_read"] = (deepcopy(branch.policy), read)
    return read


def branch_by_schema(schema_name: str) -> Tenant:
    """One branch by its schema. One query in `public`."""
    return Tenant.objects.get(schema_name=schema_name)


def active_branches() -> list[Tenant]:
    """Every branch that may work, by id. One query in `public`."""
    return list(Tenant.objects.filter(status=Status.ACTIVE).exclude(schema_name=PUBLIC).order_by("id"))


def other_branches() -> list[Tenant]:
    """Every branch that may work but ours, by name. One query in `public`."""
    return sorted((one for one in active_branches() if one.pk != current_branch().pk), key=lambda one: one.name)


def is_open(tenant: Tenant) -> bool:
    """May this branch work now? Read afresh, from anywhere. One query."""
    return Tenant.objects.filter(pk=tenant.pk, status=Status.ACTIVE).exists()


def _schema_exists(schema_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema_name])
        return cursor.fetchone() is not None
