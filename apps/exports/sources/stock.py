"""Stock movements of a period, with what they were worth; and what lay where at the end of its last day."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column, Page, Source, Span
from apps.exports.sources import register
from apps.inventory import movements_read, shelves_table_read
from apps.inventory.permissions import READERS
from steppe.kernel.actors import Actor
from steppe.kernel.tables import Key

COLUMNS = (
    Column("at", pgettext_lazy("export", "Moment"), "moment", 19),
    Column("document", pgettext_lazy("export", "Document"), width=18),
    Column("kind", pgettext_lazy("export", "Kind of document"), width=14),
    Column("ticket", pgettext_lazy("export", "Ticket (public id)"), width=16, usual=False),
    Column("place_code", pgettext_lazy("export", "Place code"), width=12, usual=False),
    Column("place", pgettext_lazy("export", "Place"), width=14),
    Column("item_code", pgettext_lazy("export", "Item code"), width=14),
    Column("item", pgettext_lazy("export", "Item"), width=20),
    Column("category", pgettext_lazy("export", "Category"), width=12, usual=False),
    Column("batch", pgettext_lazy("export", "Drum"), width=12, usual=False),
    Column("unit", pgettext_lazy("export", "Unit"), width=8),
    Column("delta", pgettext_lazy("export", "Change"), "decimal", 12),
    Column("balance", pgettext_lazy("export", "Balance after it"), "decimal", 12),
    Column("value_fen", pgettext_lazy("export", "Value (yuan)"), "money", 12, total=True),
    Column("by", pgettext_lazy("export", "By whom"), width=12),
)
SHELVES = (
    Column("item_code", pgettext_lazy("export", "Item code"), width=14),
    Column("item", pgettext_lazy("export", "Item"), width=20),
    Column("category", pgettext_lazy("export", "Category"), width=12),
    Column("batch", pgettext_lazy("export", "Drum"), width=12),
    Column("unit", pgettext_lazy("export", "Unit"), width=8),
    Column("place_code", pgettext_lazy("export", "Place code"), width=12),
    Column("place", pgettext_lazy("export", "Place"), width=14),
    Column("place_kind", pgettext_lazy("export", "Kind of place"), width=12),
    Column("quantity", pgettext_lazy("export", "Quantity"), "decimal", 12),
)
PERIODS = (("moved", pgettext_lazy("export", "When it was posted")),)


def count(actor: Actor, span: Span) -> int:
    return movements_read.how_many(actor, span.start, span.end)


def read(actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None) -> Iterator[Page]:
    return movements_read.movements(actor, span.start, span.end, codes, after)


def count_shelves(actor: Actor, span: Span) -> int:
    return shelves_table_read.how_many(actor, span.end)


def read_shelves(actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None) -> Iterator[Page]:
    return shelves_table_read.shelves(actor, span.end, codes, after)


AT_THE_END = (("end", pgettext_lazy("export", "What lay there at the end of the last day")),)
BALANCES = Source(
    "stock_balances", _("Stock balances"), READERS, AT_THE_END, SHELVES, count_shelves, read_shelves
)  # fmt: skip
STOCK = Source("stock_movements", _("Stock movements"), READERS, PERIODS, COLUMNS, count, read)


def register_them() -> None:
    register(STOCK)
    register(BALANCES)
