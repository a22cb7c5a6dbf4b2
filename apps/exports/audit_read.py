"""The branch's audit as a table to take away: who did what, with which outcome. For its administrator alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.exports.permissions import is_administrator
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from steppe.kernel.tables import Made, Table


def _told(details: Mapping[str, Any]) -> str:
    """What it was done with: personal fields were struck out when it was written."""
    args = details.get("args", details)
    return args if isinstance(args, str) else json.dumps(args, ensure_ascii=False)


TABLE = Table(("at", "id"), {
    "at": "at", "action": "action", "actor": "actor", "name": "actor_name", "entity": "entity",
    "entity_id": "entity_id", "outcome": "outcome", "details": Made(("details",), _told), "id": "id",
})  # fmt: skip


def audit(actor: Actor, start: datetime, end: datetime) -> "QuerySet[AuditEntry]":
    """What was written from `start` until before `end`. Raises NotAllowed. No query by itself."""
    if actor.kind != "system" and not is_administrator(actor):
        raise NotAllowed
    return AuditEntry.objects.filter(at__gte=start, at__lt=end)
