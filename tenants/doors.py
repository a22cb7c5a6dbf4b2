"""The door of background tasks; that of requests is tenants.middleware, that of sockets realtime.middleware."""

from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from steppe.kernel.tasks import BranchClosed, door
from tenants.context import branch_by_schema
from tenants.models import Status, Tenant


@door
def only_an_open_branch_works() -> None:
    """Raises BranchClosed in a suspended branch. The worker read the branch afresh for this task: no query more."""
    if connection.schema_name == PUBLIC:
        return
    standing = connection.tenant
    tenant = standing if isinstance(standing, Tenant) else branch_by_schema(connection.schema_name)
    if tenant.status != Status.ACTIVE:
        raise BranchClosed(f"{tenant.code} is {tenant.status}")
