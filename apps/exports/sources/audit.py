"""The audit of the branch, for its administrator."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.exports import audit_read
from apps.exports.columns import Column, Source, Span, counting, reading
from apps.exports.sources import register
from apps.people import roles
from steppe.kernel.actors import Actor

COLUMNS = (
    Column("at", pgettext_lazy("export", "Moment"), "moment", 19),
    Column("name", pgettext_lazy("export", "By whom"), width=12),
    Column("actor", pgettext_lazy("export", "Account"), width=12),
    Column("action", pgettext_lazy("export", "Action"), width=24),
    Column("outcome", pgettext_lazy("export", "Outcome"), width=16),
    Column("entity", pgettext_lazy("export", "Kind of thing"), width=12),
    Column("entity_id", pgettext_lazy("export", "Its number"), "int", 10),
    Column("details", pgettext_lazy("export", "Details"), width=40, private=True, usual=False),
    Column("id", pgettext_lazy("export", "Number of the entry"), "int", 10, usual=False),
)
PERIODS = (("done", pgettext_lazy("export", "When it was done")),)


def rows(actor: Actor, span: Span) -> "QuerySet[Any]":
    return audit_read.audit(actor, span.start, span.end)


AUDIT = Source(
    "audit", _("Audit"), (roles.BRANCH_ADMIN,), PERIODS, COLUMNS, counting(rows),
    reading(rows, lambda _span: audit_read.TABLE), whole=True, writes=True,
)  # fmt: skip


def register_them() -> None:
    register(AUDIT)
