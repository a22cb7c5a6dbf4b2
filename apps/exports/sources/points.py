"""The ledger of work points, entry by entry."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing import settlement_table_read as table
from apps.costing.permissions import READERS
from apps.exports.columns import Column, Source, Span, counting, reading
from apps.exports.sources import register
from steppe.kernel.actors import Actor

COLUMNS = (
    Column("at", pgettext_lazy("export", "Booked at"), "moment", 19),
    Column("month", pgettext_lazy("export", "Settlement month"), width=10),
    Column("stage", pgettext_lazy("export", "Stage"), width=12),
    Column("name", pgettext_lazy("export", "Technician"), width=12),
    Column("work_no", pgettext_lazy("export", "Work number"), width=12, usual=False),
    Column("unit", pgettext_lazy("export", "Unit of the organisation"), width=14),
    Column("ticket_no", pgettext_lazy("export", "Ticket number"), width=18),
    Column("ticket", pgettext_lazy("export", "Ticket (public id)"), width=16, usual=False),
    Column("kind", pgettext_lazy("export", "Kind of entry"), width=12),
    Column("code", pgettext_lazy("export", "What for"), width=16),
    Column("points", pgettext_lazy("export", "Points"), "decimal", 10, total=True),
    Column("late", pgettext_lazy("export", "After the month (1 = yes)"), "int", 8, total=True, usual=False),
    Column("reason", pgettext_lazy("export", "Reason"), width=24),
    Column("rules", pgettext_lazy("export", "Rules number"), "int", 8, usual=False),
    Column("by", pgettext_lazy("export", "By whom"), width=12),
    Column("id", pgettext_lazy("export", "Number of the entry"), "int", 10),
    Column("corrects", pgettext_lazy("export", "Takes back entry"), "int", 10, usual=False),
)
PERIODS = (
    ("month", pgettext_lazy("export", "Settlement months in which the days lie")),
    ("booked", pgettext_lazy("export", "When it was booked, waiting ones too")),
)


def rows(actor: Actor, span: Span) -> "QuerySet[Any]":
    start, end = span.months if span.by == "month" else (span.start, span.end)
    return table.entries(actor, span.by, start, end)


POINTS = Source(
    "points", _("Points ledger"), READERS, PERIODS, COLUMNS, counting(rows),
    reading(rows, lambda span: table.entry_table(span.by)), writes=True,
)  # fmt: skip


def register_them() -> None:
    register(POINTS)
