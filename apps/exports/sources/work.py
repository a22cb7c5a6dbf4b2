"""The sheet of work of each technician and month, and the hours on duty."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing import months_table_read as months
from apps.costing.rule_permissions import HOUR_READERS
from apps.exports.columns import Column, Page, Source, Span, counting, reading
from apps.exports.sources import register
from steppe.kernel.actors import Actor
from steppe.kernel.tables import Key

SHEET_COLUMNS = (
    Column("month", pgettext_lazy("export", "Settlement month"), width=10),
    Column("name", pgettext_lazy("export", "Technician"), width=12),
    Column("work_no", pgettext_lazy("export", "Work number"), width=12),
    Column("unit", pgettext_lazy("export", "Unit of the organisation"), width=14),
    Column("tickets", pgettext_lazy("export", "Tickets"), "int", 8, total=True),
    Column("work", pgettext_lazy("export", "Points of work"), "decimal", 10, total=True),
    Column("travel", pgettext_lazy("export", "Points of the way"), "decimal", 10, total=True),
    Column("bonus", pgettext_lazy("export", "Bonus points"), "decimal", 10, total=True),
    Column("deducted", pgettext_lazy("export", "Points taken off"), "decimal", 10, total=True),
    Column("corrected", pgettext_lazy("export", "Points put right"), "decimal", 10, total=True),
    Column("points", pgettext_lazy("export", "Points"), "decimal", 10, total=True),
    Column("standard_hours", pgettext_lazy("export", "Standard hours"), "decimal", 10, total=True),
    Column("duty_hours", pgettext_lazy("export", "Hours on duty"), "decimal", 10, total=True),
    Column("used", pgettext_lazy("export", "Utilisation"), "percent", 10),
)
DUTY_COLUMNS = (
    Column("name", pgettext_lazy("export", "Technician"), width=12),
    Column("work_no", pgettext_lazy("export", "Work number"), width=12),
    Column("unit", pgettext_lazy("export", "Unit of the organisation"), width=14),
    Column("started_at", pgettext_lazy("export", "On duty from"), "moment", 19),
    Column("ended_at", pgettext_lazy("export", "On duty until"), "moment", 19),
    Column("hours", pgettext_lazy("export", "Hours"), "decimal", 10, total=True),
)
SHEET_PERIODS = (("month", pgettext_lazy("export", "Settlement months in which the days lie")),)
DUTY_PERIODS = (("begun", pgettext_lazy("export", "When it began")),)


def count_sheets(actor: Actor, span: Span) -> int:
    return months.how_many_sheets(actor, *span.months)


def read_sheets(actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None) -> Iterator[Page]:
    return months.sheets(actor, *span.months, codes, after)


def duty(actor: Actor, span: Span) -> "QuerySet[Any]":
    return months.duty(actor, span.start, span.end)


SHEETS = Source(
    "work_sheets", _("Work-amount sheets"), HOUR_READERS, SHEET_PERIODS, SHEET_COLUMNS, count_sheets, read_sheets
)
DUTY = Source(
    "duty_hours", _("Duty hours"), HOUR_READERS, DUTY_PERIODS, DUTY_COLUMNS, counting(duty),
    reading(duty, lambda _span: months.DUTY), writes=True,
)  # fmt: skip


def register_them() -> None:
    register(SHEETS)
    register(DUTY)
