"""What has happened to points and money. Screens and other rooms subscribe; nothing here knows them."""

from dataclasses import dataclass
from typing import ClassVar

from steppe.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PointsChanged(Event):
    """Somebody decided something that changed the points of a ticket (`public_id`, `entity_id`); costs follow."""

    kind: ClassVar[str] = "costing.points_changed"
    entity: ClassVar[str] = "ticket_points"


@dataclass(frozen=True, kw_only=True)
class CostsChanged(Event):
    """Somebody changed what a month of costs says or may say: an expense, a budget, its close. `month` empty: the one
    that takes lines now."""

    kind: ClassVar[str] = "costing.costs_changed"
    entity: ClassVar[str] = "cost_month"

    month: str
