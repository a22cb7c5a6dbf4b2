"""Settlement lines and the points' ledger as tables to take away, in the reader's reach. Money is fen.

Months are settlement months, both included. Of a month the lines of its present version: once it is locked they stay.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.costing import points_words, settlement_labels
from apps.costing.models import SettlementLine, WorkPointEntry
from apps.costing.permissions import READERS, SETTLEMENT_READERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Field, Made, Said, Table


def _of_kinds(*kinds: str) -> Callable[[dict[str, Any]], Decimal]:
    return lambda told: sum((Decimal(told.get("kinds", {}).get(kind, 0)) for kind in kinds), Decimal(0))


LINES = Table(("period__month", "id"), {
    "month": "period__month", "version": "version",
    "month_state": Said("period__state", settlement_labels.state_word),
    "name": "name", "work_no": "technician__user__work_no", "unit": "org_unit__name", "tickets": "tickets",
    "work": Made(("inputs",), _of_kinds("earn")), "travel": Made(("inputs",), _of_kinds("travel")),
    "bonus": Made(("inputs",), _of_kinds("bonus")),
    "corrected": Made(("inputs",), _of_kinds("adjustment", "dispute_correction")),
    "gross": "gross", "deducted": "deducted", "points": "points", "coefficient": "coefficient",
    "unit_price": "unit_price", "base_fen": "base_fen", "guarantee_fen": "guarantee_fen", "pay_fen": "pay_fen",
    "state": Said("state", lambda code: settlement_labels.word(settlement_labels.LINES, code)),
    "confirmed_at": "confirmed_at",
})  # fmt: skip
# By month and person where it has a month; in the order it was booked else.
ENTRIES = {
    "month": ("period", "technician_id", "id"),
    "booked": ("id",),
}
ENTRY_FIELDS: dict[str, Field] = {
    "at": "at", "month": "period", "stage": Said("stage", lambda code: points_words.word(points_words.STAGES, code)),
    "name": "technician__user__name", "work_no": "technician__user__work_no", "unit": "technician__org_unit__name",
    "ticket": "ticket", "ticket_no": "ticket_no",
    "kind": Said("kind", lambda code: points_words.word(points_words.KINDS, code)),
    "code": Said("code", lambda code: points_words.word(points_words.CODES, code)),
    "points": "points", "late": Made(("late",), int), "reason": "reason", "rules": "rule_set__number",
    "by": "by_name", "id": "id", "corrects": "corrects_id",
}  # fmt: skip


def lines(actor: Actor, first: str, last: str) -> "QuerySet[SettlementLine]":
    """The present lines of these months. Raises NotAllowed. No query by itself."""
    require(actor, SETTLEMENT_READERS)
    rows = SettlementLine.objects.filter(period__month__range=(first, last), version=F("period__version"))
    return rows.filter(_below(actor, SETTLEMENT_READERS, "org_path"))


def entries(actor: Actor, by: str, start: object, end: object) -> "QuerySet[WorkPointEntry]":
    """`month`: what was earned in the months `start` to `end`; `booked`: written from `start` until before `end`,
    also what still waits for its callback. Raises NotAllowed. No query by itself.
    """
    require(actor, READERS)
    rows = WorkPointEntry.objects.filter(_below(actor, READERS, "technician__org_unit__path"))
    if by == "month":
        return rows.filter(stage="earned", period__range=(start, end))
    return rows.filter(at__gte=start, at__lt=end)


def entry_table(by: str) -> Table:
    """The ledger in the order that fits."""
    return Table(ENTRIES[by], ENTRY_FIELDS)


def _below(actor: Actor, roles: tuple[str, ...], path: str) -> Q:
    if actor.kind == "system":
        return Q()
    seen = Q(pk__in=[])
    for scope in actor.scopes(roles):
        seen |= Q(**{f"{path}__startswith": scope})
    return seen
