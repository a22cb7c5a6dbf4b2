"""What tests of the rules need: a draft, a change in it, a publication."""

from copy import deepcopy
from datetime import date
from typing import Any

from apps.costing.models import PointRuleSet
from apps.costing.services import rules
from steppe.kernel import clock
from steppe.kernel.commands import Receipt
from tests.make import actor, key

NOTE = "11 月 3 日班组长会议征求意见，无异议"


def today() -> date:
    return date.fromisoformat(clock.today())


def draft(by: str = "ji", pattern: int = 0) -> PointRuleSet:
    made = rules.draft_rules(pattern=pattern, by=actor(by), key=key())
    return PointRuleSet.objects.get(pk=made.entity_id)


def changed(row: PointRuleSet, *, by: str = "ji", version: int | None = None, **parts: Any) -> Receipt:
    """Parts of the body said otherwise: `travel={"per_km": "0.08"}` leaves the rest of travel as it is."""
    body = deepcopy(row.body)
    for name, value in parts.items():
        body[name] = {**body[name], **value} if isinstance(value, dict) else value
    seen = row.version if version is None else version
    return rules.change_rules(number=row.number, version=seen, body=body, by=actor(by), key=key())


def published(row: PointRuleSet, *, by: str = "bai", day: date | None = None, note: str = NOTE) -> Receipt:
    row.refresh_from_db()
    return rules.publish_rules(
        number=row.number, version=row.version, note=note, effective_from=day or today(), by=actor(by), key=key()
    )


def new_rules(day: date | None = None, **parts: Any) -> PointRuleSet:
    """A published version that says these parts otherwise."""
    row = draft()
    changed(row, **parts)
    published(row, day=day)
    row.refresh_from_db()
    return row
