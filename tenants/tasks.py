"""Beat wakes `fan_out` in `public`; it sends one `sweep_branch` to each active branch, spread over the period."""

import logging
from zlib import crc32

from celery import shared_task

from tenants.context import active_branches
from tenants.fanout import SWEEPS

WINDOW_MS = 1500
log = logging.getLogger("steppe.sweep")


@shared_task(name="tenants.fan_out", scope="public")
def fan_out() -> int:
    """One wake-up per branch; Python's own hash differs per process, so crc32 spreads them."""
    branches = active_branches()
    for tenant in branches:
        delay = (crc32(tenant.schema_name.encode()) % WINDOW_MS) / 1000 if len(branches) > 10 else 0
        sweep_branch.apply_async(headers={"_schema_name": tenant.schema_name}, countdown=delay, expires=10)
    return len(branches)


@shared_task(name="tenants.sweep_branch")
def sweep_branch() -> None:
    """Run each room's sweep; one that fails does not keep the others from theirs."""
    for name, function in SWEEPS.items():
        try:
            function()
        except Exception:
            log.exception("sweep failed", extra={"sweep": name})
