"""What happened to a settlement month and its disputes. Ids and primitives; no amount and no points of anybody."""

from dataclasses import dataclass
from typing import ClassVar

from steppe.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MonthChanged(Event):
    """A settlement month took a step; `state` is where it stands now."""

    kind: ClassVar[str] = "costing.month_changed"
    entity: ClassVar[str] = "settlement_month"

    month: str
    step: str
    state: str


@dataclass(frozen=True, kw_only=True)
class DisputeChanged(Event):
    """A dispute was raised, answered, taken on, decided or taken back."""

    kind: ClassVar[str] = "costing.dispute_changed"
    entity: ClassVar[str] = "settlement_dispute"

    month: str
    technician_id: int
    state: str
