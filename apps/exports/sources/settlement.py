"""Settlement lines: what a technician's month came to. A locked month is the same file for ever."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing import settlement_table_read as table
from apps.costing.permissions import SETTLEMENT_READERS
from apps.exports.columns import Column, Source, Span, counting, reading
from apps.exports.sources import register
from steppe.kernel.actors import Actor

COLUMNS = (
    Column("month", pgettext_lazy("export", "Settlement month"), width=10),
    Column("month_state", pgettext_lazy("export", "State of the month"), width=12),
    Column("version", pgettext_lazy("export", "Version"), "int", 8, usual=False),
    Column("name", pgettext_lazy("export", "Technician"), width=12),
    Column("work_no", pgettext_lazy("export", "Work number"), width=12),
    Column("unit", pgettext_lazy("export", "Unit of the organisation"), width=14),
    Column("tickets", pgettext_lazy("export", "Tickets"), "int", 8, total=True),
    Column("work", pgettext_lazy("export", "Points of work"), "decimal", 10, total=True, usual=False),
    Column("travel", pgettext_lazy("export", "Points of the way"), "decimal", 10, total=True, usual=False),
    Column("bonus", pgettext_lazy("export", "Bonus points"), "decimal", 10, total=True, usual=False),
    Column("corrected", pgettext_lazy("export", "Points put right"), "decimal", 10, total=True, usual=False),
    Column("gross", pgettext_lazy("export", "Points before deductions"), "decimal", 12, total=True),
    Column("deducted", pgettext_lazy("export", "Points deducted"), "decimal", 12, total=True),
    Column("points", pgettext_lazy("export", "Points"), "decimal", 12, total=True),
    Column("coefficient", pgettext_lazy("export", "Coefficient"), "decimal", 10),
    Column("unit_price", pgettext_lazy("export", "Price of a point (fen)"), "decimal", 12),
    Column("base_fen", pgettext_lazy("export", "Base pay (yuan)"), "money", 12, total=True),
    Column("guarantee_fen", pgettext_lazy("export", "Guaranteed (yuan)"), "money", 12, usual=False),
    Column("pay_fen", pgettext_lazy("export", "Pay (yuan)"), "money", 12, total=True),
    Column("state", pgettext_lazy("export", "State of the line"), width=12),
    Column("confirmed_at", pgettext_lazy("export", "Confirmed at"), "moment", 19, usual=False),
)
PERIODS = (("month", pgettext_lazy("export", "Settlement months in which the days lie")),)


def rows(actor: Actor, span: Span) -> "QuerySet[Any]":
    return table.lines(actor, *span.months)


SETTLEMENT = Source(
    "settlement_lines", _("Settlement lines"), SETTLEMENT_READERS, PERIODS, COLUMNS, counting(rows),
    reading(rows, lambda _span: table.LINES), writes=True,
)  # fmt: skip


def register_them() -> None:
    register(SETTLEMENT)
