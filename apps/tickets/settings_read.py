"""The branch's settings for who keeps them: values, special days, and who changed what and when."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.tickets.models import ServiceDay
from apps.tickets.permissions import SETTINGS_KEEPERS
from apps.tickets.rules.branch_settings import decided
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.journal.models import AuditEntry
from tenants import selectors as tenants
from tenants.context import current_branch, policy

DAYS = {"tickets.set_service_day": "day_set", "tickets.remove_service_day": "day_removed"}
BESIDE = {"settlement_cut_offs_before", "service_before"}  # follow from the value that was decided


@dataclass(frozen=True)
class Settings:
    """The values, and the stamp of what was read: a change names it."""

    values: dict[str, Any]
    stamp: str


@dataclass(frozen=True)
class Change:
    """One value that was decided anew, or one day that was set or removed (`facts`)."""

    at: datetime
    by_name: str
    name: str
    before: Any = None
    after: Any = None


def settings_for(actor: Actor) -> Settings:
    """What the branch has decided. No query."""
    require(actor, SETTINGS_KEEPERS)
    return Settings(decided(policy()), tenants.stamp_of(current_branch().policy))


def service_days(actor: Actor) -> list[ServiceDay]:
    """The special days from today on, in order. One query."""
    require(actor, SETTINGS_KEEPERS)
    return list(ServiceDay.objects.filter(day__gte=clock.today()).order_by("day"))


def changes_of(actor: Actor, *, limit: int = 40) -> list[Change]:
    """Who changed what, newest first. Two queries: in `public` and here."""
    require(actor, SETTINGS_KEEPERS)
    found = [*_values(limit), *_days(limit)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _values(limit: int) -> Iterator[Change]:
    for one in tenants.policy_changes(current_branch(), limit=limit):
        for name, (before, after) in one.changes.items():
            if name not in BESIDE:
                yield Change(one.at, one.by_name, name, before, after)


def _days(limit: int) -> Iterator[Change]:
    rows = AuditEntry.objects.filter(action__in=DAYS, outcome="done").order_by("-at")[:limit]
    for one in rows:
        told = json.loads(one.details["args"])
        hours = [told.get("opens"), told.get("closes")] if told.get("opens") else None
        yield Change(
            one.at, one.actor_name, DAYS[one.action], told["day"], {"title": told.get("title"), "hours": hours}
        )
