"""Lines of cost and revenue, expenses, and budgets with what was used of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing import money_tables_read as tables
from apps.costing import months_table_read as months
from apps.costing.money_permissions import EXPENSE_READERS, MONEY_READERS
from apps.exports.columns import Column, Page, Source, Span, counting, reading
from apps.exports.sources import register
from steppe.kernel.actors import Actor
from steppe.kernel.tables import Key

LINE_COLUMNS = (
    Column("month", pgettext_lazy("export", "Month of costs"), width=10),
    Column("ticket_no", pgettext_lazy("export", "Ticket number"), width=18),
    Column("ticket", pgettext_lazy("export", "Ticket (public id)"), width=16, usual=False),
    Column("type", pgettext_lazy("export", "Type"), width=12),
    Column("side", pgettext_lazy("export", "Cost or revenue"), width=10),
    Column("element", pgettext_lazy("export", "Element"), width=12),
    Column("fen", pgettext_lazy("export", "Amount (yuan)"), "money", 12),
    Column("quantity", pgettext_lazy("export", "Quantity"), "decimal", 10),
    Column("item", pgettext_lazy("export", "Item code"), width=14),
    Column("category", pgettext_lazy("export", "Category"), width=12, usual=False),
    Column("sub_branch", pgettext_lazy("export", "Sub-branch"), width=14, usual=False),
    Column("department", pgettext_lazy("export", "Department"), width=14, usual=False),
    Column("grid", pgettext_lazy("export", "Grid"), width=14),
    Column("area_class", pgettext_lazy("export", "Area class"), width=8, usual=False),
    Column("cause_code", pgettext_lazy("export", "Cause code"), width=14, usual=False),
    Column("technician", pgettext_lazy("export", "Technician of the line"), width=12),
    Column("ticket_technician", pgettext_lazy("export", "Technician of the ticket"), width=12, usual=False),
    Column("closed_at", pgettext_lazy("export", "Ticket closed at"), "moment", 19, usual=False),
    Column("receipt_no", pgettext_lazy("export", "Receipt number"), width=14, usual=False),
    Column("note", pgettext_lazy("export", "Note"), width=20, usual=False),
    Column("origin", pgettext_lazy("export", "Comes from"), width=14),
    Column("origin_name", pgettext_lazy("export", "Its number there"), width=18),
    Column("late", pgettext_lazy("export", "After the month (1 = yes)"), "int", 8, total=True, usual=False),
    Column("id", pgettext_lazy("export", "Number of the line"), "int", 10, usual=False),
    Column("reverses", pgettext_lazy("export", "Takes back line"), "int", 10, usual=False),
    Column("by", pgettext_lazy("export", "By whom"), width=12, usual=False),
    Column("at", pgettext_lazy("export", "Booked at"), "moment", 19),
)
EXPENSE_COLUMNS = (
    Column("entered_at", pgettext_lazy("export", "Entered at"), "moment", 19),
    Column("ticket", pgettext_lazy("export", "Ticket (public id)"), width=16),
    Column("public_id", pgettext_lazy("export", "Public id"), width=18, usual=False),
    Column("what", pgettext_lazy("export", "What for"), width=14),
    Column("element", pgettext_lazy("export", "Element"), width=12),
    Column("fen", pgettext_lazy("export", "Amount (yuan)"), "money", 12, total=True),
    Column("quantity", pgettext_lazy("export", "Quantity"), "decimal", 10, usual=False),
    Column("receipt_no", pgettext_lazy("export", "Receipt number"), width=14),
    Column("note", pgettext_lazy("export", "Note"), width=20),
    Column("technician", pgettext_lazy("export", "Technician"), width=12),
    Column("state", pgettext_lazy("export", "State"), width=12),
    Column("entered_by", pgettext_lazy("export", "Entered by"), width=12),
    Column("decided_by", pgettext_lazy("export", "Decided by"), width=12),
    Column("decided_at", pgettext_lazy("export", "Decided at"), "moment", 19),
    Column("answer", pgettext_lazy("export", "Answer"), width=20, usual=False),
)
BUDGET_COLUMNS = (
    Column("month", pgettext_lazy("export", "Month of costs"), width=10),
    Column("unit", pgettext_lazy("export", "Sub-branch"), width=14),
    Column("type", pgettext_lazy("export", "Type"), width=12),
    Column("element", pgettext_lazy("export", "Element"), width=12),
    Column("tickets", pgettext_lazy("export", "Planned tickets"), "int", 10),
    Column("budget_fen", pgettext_lazy("export", "Budget (yuan)"), "money", 14),
    Column("actual_fen", pgettext_lazy("export", "Spent (yuan)"), "money", 14),
    Column("left_fen", pgettext_lazy("export", "Left (yuan)"), "money", 14),
    Column("used", pgettext_lazy("export", "Used"), "percent", 10),
    Column("light", pgettext_lazy("export", "Light"), width=14),
)
LINE_PERIODS = (("month", pgettext_lazy("export", "Months of costs in which the days lie")),)
EXPENSE_PERIODS = (
    ("entered", pgettext_lazy("export", "When it was entered")),
    ("decided", pgettext_lazy("export", "When it was decided")),
)


def lines(actor: Actor, span: Span) -> "QuerySet[Any]":
    return tables.money_lines(actor, *span.months)


def expenses(actor: Actor, span: Span) -> "QuerySet[Any]":
    return tables.expenses(actor, span.by, span.start, span.end)


def count_budgets(actor: Actor, span: Span) -> int:
    return months.how_many_budgets(actor, *span.months)


def read_budgets(actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None) -> Iterator[Page]:
    return months.budgets(actor, *span.months, codes, after)


LINES = Source(
    "money_lines", _("Cost and revenue lines"), MONEY_READERS, LINE_PERIODS, LINE_COLUMNS, counting(lines),
    reading(lines, lambda _span: tables.line_table()), writes=True,
)  # fmt: skip
EXPENSES = Source(
    "expenses", _("Expenses"), EXPENSE_READERS, EXPENSE_PERIODS, EXPENSE_COLUMNS, counting(expenses),
    reading(expenses, lambda _span: tables.EXPENSES), writes=True,
)  # fmt: skip
BUDGETS = Source(
    "budgets", _("Budgets and their use"), MONEY_READERS, LINE_PERIODS, BUDGET_COLUMNS, count_budgets, read_budgets
)


def register_them() -> None:
    for one in (LINES, EXPENSES, BUDGETS):
        register(one)
