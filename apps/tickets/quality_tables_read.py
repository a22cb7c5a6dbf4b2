"""Answers of callbacks and broken clocks as tables to take away: of the tickets the actor may know of, with no contact.

In the order they were written, which is that of time.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy

from apps.people import selectors as people
from apps.tickets import labels
from apps.tickets.models import Breach, CallbackRecord
from apps.tickets.permissions import VIEWERS
from apps.tickets.selectors import visible_tickets
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Field, Made, Said, Table

CALLED: labels.Labels = {
    "phone": pgettext_lazy("callback", "by telephone"),
    "wechat": pgettext_lazy("callback", "by the customer in WeChat"),
    "none": pgettext_lazy("callback", "nobody answered"),
}


def answers(actor: Actor, start: datetime, end: datetime) -> "QuerySet[CallbackRecord]":
    """Answers given from `start` until before `end`. Raises NotAllowed. No query by itself."""
    require(actor, VIEWERS)
    return CallbackRecord.objects.filter(ticket__in=_seen(actor), at__gte=start, at__lt=end)


def breaches(actor: Actor, by: str, start: datetime, end: datetime) -> "QuerySet[Breach]":
    """Clocks that were `breached` or `due` from `start` until before `end`. Raises NotAllowed. No query by itself."""
    require(actor, VIEWERS)
    return Breach.objects.filter(ticket__in=_seen(actor), **{f"{by}_at__gte": start, f"{by}_at__lt": end})


def answer_table() -> Table:
    """Who answered by their names: one query."""
    names = people.staff_names()
    return Table(("id",), {
        **_of_ticket(), "at": "at", "channel": Said("channel", lambda code: labels.word(CALLED, code)),
        "fixed": Made(("fixed",), _flag), "on_time": Made(("on_time",), _flag),
        "overcharged": Made(("overcharged",), _flag), "score": "score",
        "complaint": Said("complaint", lambda code: labels.word(labels.COMPLAINTS, code)), "note": "note",
        "by": Said("actor", lambda ref: names.get(ref, "")), "technician": "ticket__technician__user__name",
    })  # fmt: skip


def breach_table() -> Table:
    """A broken clock with its ticket, how late it was, and who exempted it. No query."""
    return Table(("id",), {
        **_of_ticket(), "clock": Said("clock", lambda code: labels.word(labels.CLOCKS, code)), "due_at": "due_at",
        "breached_at": "breached_at", "ended_at": "ended_at", "late_minutes": Made(("due_at", "ended_at"), _late),
        "cause": Said("cause_class", lambda code: labels.word(labels.HOLDS, code)),
        "department": "department__name", "technician": "technician__user__name", "exempted_at": "exempted_at",
        "exempted_by": "exempted_by_name", "exemption": "exemption",
    })  # fmt: skip


def _of_ticket() -> dict[str, Field]:
    english = (get_language() or "").startswith("en")
    return {
        "ticket_no": "ticket__ticket_no", "public_id": "ticket__public_id", "grid": "ticket__grid__name",
        "type": "ticket__type__name_en" if english else "ticket__type__name_zh", "priority": "ticket__priority",
        "area_class": "ticket__area_class",
    }  # fmt: skip


def _seen(actor: Actor) -> Any:
    return visible_tickets(actor).select_related(None).order_by().values("pk")


def _flag(told: bool | None) -> int | None:
    return None if told is None else int(told)


def _late(due: datetime, ended: datetime | None) -> int | None:
    """Whole minutes after the due; None while it is not over."""
    return None if ended is None else int((ended - due).total_seconds()) // 60
