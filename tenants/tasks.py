"""Beat wakes a task in `public`; it sends one task to each active branch, spread over the period."""

import logging
from collections.abc import Mapping
from zlib import crc32

from celery import Task, shared_task

from tenants.context import active_branches
from tenants.fanout import AT_HEADQUARTERS, NIGHTLY, SWEEPS, Sweep
from tenants.turns import turn

WINDOW_MS = 1500
NIGHT_MS = 600_000  # tidying a hundred branches is no reason to tidy them all at the same moment
log = logging.getLogger("steppe.sweep")


@shared_task(name="tenants.fan_out", scope="public")
def fan_out() -> int:
    """One wake-up per branch, every few seconds."""
    return _send(sweep_branch, window_ms=WINDOW_MS, expires=10)


@shared_task(name="tenants.fan_out_nightly", scope="public")
def fan_out_nightly() -> int:
    """One wake-up per branch, every night; headquarters' own housekeeping is done here."""
    _run(AT_HEADQUARTERS)
    return _send(tidy_branch, window_ms=NIGHT_MS, expires=6 * 3600)


@shared_task(name="tenants.sweep_branch")
def sweep_branch() -> None:
    """Run each room's sweep; one that fails does not keep the others from theirs.

    A branch whose last sweep is still at work is left to it: a slow one must not fill every worker.
    """
    with turn() as mine:
        if mine:
            _run(SWEEPS)


@shared_task(name="tenants.tidy_branch")
def tidy_branch() -> None:
    """Run each room's nightly housekeeping; one that fails does not keep the others from theirs."""
    _run(NIGHTLY)


def _send(task: Task, *, window_ms: int, expires: int) -> int:
    """Python's own hash differs per process, so crc32 spreads them."""
    branches = active_branches()
    for tenant in branches:
        delay = (crc32(tenant.schema_name.encode()) % window_ms) / 1000 if len(branches) > 10 else 0
        task.apply_async(headers={"_schema_name": tenant.schema_name}, countdown=delay, expires=expires)
    return len(branches)


def _run(works: Mapping[str, Sweep]) -> None:
    for name, function in works.items():
        try:
            function()
        except Exception:
            log.exception("sweep failed", extra={"sweep": name})
