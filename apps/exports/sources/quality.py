"""Answers of callbacks, and clocks that were broken."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column, Source, Span, counting, reading
from apps.exports.sources import register
from apps.tickets import quality_tables_read as tables
from apps.tickets.permissions import VIEWERS
from steppe.kernel.actors import Actor

OF_TICKET = (
    Column("ticket_no", pgettext_lazy("export", "Ticket number"), width=18),
    Column("public_id", pgettext_lazy("export", "Public id"), width=18, usual=False),
    Column("type", pgettext_lazy("export", "Type"), width=12),
    Column("priority", pgettext_lazy("export", "Priority"), "int", 8, usual=False),
    Column("grid", pgettext_lazy("export", "Grid"), width=14),
    Column("area_class", pgettext_lazy("export", "Area class"), width=8, usual=False),
    Column("technician", pgettext_lazy("export", "Technician"), width=12),
)
ANSWER_COLUMNS = (
    Column("at", pgettext_lazy("export", "Moment"), "moment", 19),
    *OF_TICKET,
    Column("channel", pgettext_lazy("export", "Answered"), width=14),
    Column("fixed", pgettext_lazy("export", "Mended (1 = yes)"), "int", 10, total=True),
    Column("on_time", pgettext_lazy("export", "Came in time (1 = yes)"), "int", 10, total=True),
    Column("overcharged", pgettext_lazy("export", "Charged too much (1 = yes)"), "int", 10, total=True),
    Column("score", pgettext_lazy("export", "Satisfaction"), "int", 8),
    Column("complaint", pgettext_lazy("export", "Complaint about"), width=12),
    Column("note", pgettext_lazy("export", "Note"), width=24),
    Column("by", pgettext_lazy("export", "By whom"), width=12),
)
BREACH_COLUMNS = (
    *OF_TICKET,
    Column("department", pgettext_lazy("export", "Department"), width=14, usual=False),
    Column("clock", pgettext_lazy("export", "Clock"), width=14),
    Column("due_at", pgettext_lazy("export", "Due at"), "moment", 19),
    Column("breached_at", pgettext_lazy("export", "Broken at"), "moment", 19, usual=False),
    Column("ended_at", pgettext_lazy("export", "Over at"), "moment", 19),
    Column("late_minutes", pgettext_lazy("export", "Late by (minutes)"), "int", 10),
    Column("cause", pgettext_lazy("export", "Reason of the hold"), width=12),
    Column("exempted_at", pgettext_lazy("export", "Exempted at"), "moment", 19, usual=False),
    Column("exempted_by", pgettext_lazy("export", "Exempted by"), width=12),
    Column("exemption", pgettext_lazy("export", "Why exempted"), width=24),
)
ANSWER_PERIODS = (("answered", pgettext_lazy("export", "When it was answered")),)
BREACH_PERIODS = (
    ("breached", pgettext_lazy("export", "When it was broken")),
    ("due", pgettext_lazy("export", "When it was due")),
)


def answers(actor: Actor, span: Span) -> "QuerySet[Any]":
    return tables.answers(actor, span.start, span.end)


def breaches(actor: Actor, span: Span) -> "QuerySet[Any]":
    return tables.breaches(actor, span.by, span.start, span.end)


ANSWERS = Source(
    "callbacks", _("Callback answers"), VIEWERS, ANSWER_PERIODS, ANSWER_COLUMNS, counting(answers),
    reading(answers, lambda _span: tables.answer_table()), writes=True,
)  # fmt: skip
BREACHES = Source(
    "breaches", _("Broken clocks"), VIEWERS, BREACH_PERIODS, BREACH_COLUMNS, counting(breaches),
    reading(breaches, lambda _span: tables.breach_table()), writes=True,
)  # fmt: skip


def register_them() -> None:
    register(ANSWERS)
    register(BREACHES)
