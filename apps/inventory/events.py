"""What has happened to stock. Costing and screens subscribe; nothing here knows them."""

from dataclasses import dataclass
from typing import ClassVar

from steppe.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentChanged(Event):
    """A document took a step; `number` is what people call it, `state` where it stands now."""

    kind: ClassVar[str] = "inventory.document_changed"
    entity: ClassVar[str] = "stock_document"

    document: str
    state: str
    number: str


@dataclass(frozen=True, kw_only=True)
class StockPosted(Event):
    """An entry was posted; `value` is fen by which the branch's stock grew (or shrank, negative).

    `entity_id` names the entry, which never changes: who needs its lines (item, quantity, value) reads
    `costs_read.lines_of_entry(entity_id)`, now or after a replay, and finds the same.
    """

    kind: ClassVar[str] = "inventory.posted"
    entity: ClassVar[str] = "stock_entry"

    document: str
    ticket: str
    value: int


@dataclass(frozen=True, kw_only=True)
class CountChanged(Event):
    """A stocktake took a step: opened, closed, sent back, posted, withdrawn."""

    kind: ClassVar[str] = "inventory.count_changed"
    entity: ClassVar[str] = "stock_count"

    number: str
    place: str
    state: str


@dataclass(frozen=True, kw_only=True)
class StockWarned(Event):
    """A look at the shelves found `new` ones that need somebody's eye; `noted_at` is what their `since` says."""

    kind: ClassVar[str] = "inventory.warned"
    entity: ClassVar[str] = "stock_warning"

    new: int
    noted_at: str
