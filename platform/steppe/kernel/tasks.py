"""Background tasks that cannot run in the wrong branch.

A task is a wake-up: ids only, safe to run twice, the truth is a row. Celery swallows a failed schema switch;
`GuardedTask` therefore refuses to start unless the connection stands where the header says.
"""

from collections.abc import Callable
from typing import Any

from celery import Task
from celery.exceptions import Ignore
from django.db import transaction
from tenant_schemas_celery.app import CeleryApp, get_schema_name_from_task
from tenant_schemas_celery.task import TenantTask

from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC


class WrongBranch(RuntimeError):
    """The task would have run in another schema than the one it was sent for."""


class BranchClosed(Ignore):
    """The branch may not work now. No failure: its rows wait for the sweeps of the day it opens again."""


Door = Callable[[], None]
DOORS: list[Door] = []


def door(guard: Door) -> Door:
    """Register what every task must pass, standing in its branch; the guard raises BranchClosed."""
    DOORS.append(guard)
    return guard


class GuardedTask(TenantTask):
    """Base of every task. `scope` is `tenant` (default) or `public`."""

    abstract = True
    scope = "tenant"

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        want = get_schema_name_from_task(self, kwargs)
        have = connection.schema_name
        if want is None or want != have or (self.scope == "tenant") == (have == PUBLIC):
            raise WrongBranch(f"{self.name}: sent for {want}, standing in {have}")
        for guard in DOORS:
            guard()
        super().before_start(task_id, args, kwargs)

    def wake(self, *args: Any, countdown: float = 0) -> None:
        """Send after the running transaction commits, for the branch of *now*."""
        headers = {"_schema_name": connection.schema_name}
        transaction.on_commit(
            lambda: self.apply_async(args, headers=headers, countdown=countdown, retry=False), robust=True
        )


class App(CeleryApp):
    """Celery with guarded tasks only."""

    task_cls: type[Task] = GuardedTask
