"""Stock movements of a period: what each entry of the books changed in each place, and what it was worth."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column, Page, Source, Span
from apps.exports.sources import register
from apps.inventory import movements_read
from apps.inventory.permissions import READERS
from steppe.kernel.actors import Actor

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
PERIODS = (("moved", pgettext_lazy("export", "When it was posted")),)


def count(actor: Actor, span: Span) -> int:
    return movements_read.how_many(actor, span.start, span.end)


def read(actor: Actor, span: Span, codes: Sequence[str]) -> Iterator[Page]:
    return movements_read.movements(actor, span.start, span.end, codes)


STOCK = Source("stock_movements", _("Stock movements"), READERS, PERIODS, COLUMNS, count, read)


def register_it() -> None:
    register(STOCK)
