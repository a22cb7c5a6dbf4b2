"""Lines of cost and revenue, and expenses, as tables to take away, in the reader's scope. Money is fen.

A line's month is the one it was booked in. Once a month of costs is closed its lines stay.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.costing import money_words
from apps.costing.expenses_read import scope_of
from apps.costing.models import Expense, MoneyLine
from apps.costing.money_permissions import EXPENSE_READERS
from apps.costing.profit_read import Where, lines_in
from apps.costing.rules.account_lines import base_of
from apps.tickets import types_read
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Field, Made, Said, Table


def _side(code: str) -> str:
    return money_words.word(money_words.SIDES, code)


def _origin(source: str) -> str:
    return money_words.word(money_words.SOURCES, source.partition("/")[0])


def _name_there(source: str, document: Any) -> str:
    kind, _slash, name = base_of(source).partition("/")
    return str(document or "") if kind == "stock" else name


LINE_FIELDS: dict[str, Field] = {
    "month": "period", "ticket": "account__ticket", "ticket_no": "account__ticket_no",
    "side": Said("side", _side), "element": Said("element", money_words.element_word), "fen": "fen",
    "quantity": "quantity", "item": "item", "category": "category",
    "sub_branch": "account__sub_branch__name", "department": "account__department__name",
    "grid": "account__grid__name", "area_class": "account__area_class", "cause_code": "account__cause_code",
    "technician": "technician__user__name", "ticket_technician": "account__technician__user__name",
    "closed_at": "account__closed_at", "receipt_no": "receipt_no", "note": "note",
    "origin": Said("source", _origin), "origin_name": Made(("source", "inputs__document"), _name_there),
    "late": Made(("late",), int), "reverses": "reverses_id", "id": "id", "by": "by_name", "at": "at",
}  # fmt: skip
EXPENSES = Table(("id",), {
    "entered_at": "entered_at", "ticket": "ticket", "public_id": "public_id",
    "what": Said("code", lambda code: money_words.word(money_words.SPENDING, code)),
    "element": Said("element", money_words.element_word), "fen": "fen", "quantity": "quantity",
    "receipt_no": "receipt_no", "note": "note", "technician": "technician__user__name",
    "state": Said("state", lambda code: money_words.word(money_words.STATES, code)),
    "entered_by": "entered_by_name", "decided_by": "decided_by_name", "decided_at": "decided_at", "answer": "answer",
})  # fmt: skip


def line_table() -> Table:
    """By month, side and element. Types in the active language: one query."""
    names = {one.code: one.name for one in types_read.type_words()}
    fields = LINE_FIELDS | {"type": Said("account__type_code", lambda code: names.get(code, code))}
    return Table(("period", "side", "element", "id"), fields)


def money_lines(actor: Actor, first: str, last: str) -> "QuerySet[MoneyLine]":
    """Lines that were booked in these months, both included. Raises NotAllowed. No query by itself."""
    return lines_in(actor, Where("")).filter(period__range=(first, last))


def expenses(actor: Actor, by: str, start: datetime, end: datetime) -> "QuerySet[Expense]":
    """`entered` or `decided` from `start` until before `end`. Raises NotAllowed. No query by itself."""
    require(actor, EXPENSE_READERS)
    return Expense.objects.filter(scope_of(actor), **{f"{by}_at__gte": start, f"{by}_at__lt": end})
