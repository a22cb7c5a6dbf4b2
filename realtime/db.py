"""The socket process's way to the database: inside the branch for each call, and nothing lazy comes out.

Without `thread_sensitive=False` every call of the process would share one thread and one connection: the branch
set by one socket would be read by another (measured; multitenancy.md 5.1).
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

from tenants.context import in_branch
from tenants.models import Tenant

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_tenant(tenant: Tenant, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `work` in a worker thread, in the branch's schema; it must return evaluated data."""

    def call() -> T:
        with in_branch(tenant):
            return work(*args, **kwargs)

    return await database_sync_to_async(call, thread_sensitive=False)()
