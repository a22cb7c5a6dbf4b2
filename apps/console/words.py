"""Small sentences about tickets and people, in the reader's language. No query."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language, pgettext

from steppe.kernel.errors import DomainError, Invalid
from steppe.ui import formatting

if TYPE_CHECKING:
    from apps.tickets.models import TicketType


def type_name(kind: "TicketType") -> str:
    """The type in the reader's language."""
    return kind.name_en if (get_language() or "").startswith("en") else kind.name_zh


def short_number(ticket_no: str) -> str:
    """XL-2026-000812 is called 812 on the floor."""
    return ticket_no.rpartition("-")[2].lstrip("0") or ticket_no


def time_since(moment: datetime | None, now: datetime) -> str:
    """How long ago in one unit (18 min, 13 h, 2 d); empty when it is not in the past."""
    if moment is None or moment >= now:
        return ""
    seconds = (now - moment).total_seconds()
    unit = next((size for size in (86400, 3600, 60) if seconds >= size), 1)
    units = {
        "d": pgettext("duration", "{n} d"),
        "h": pgettext("duration", "{n} h"),
        "m": pgettext("duration", "{n} min"),
        "s": pgettext("duration", "{n} s"),
    }
    return formatting.duration(seconds // unit * unit, units)


def masked_name(name: str) -> str:
    """王** for 王小明."""
    return f"{name[0]}**" if name else ""


def refusal_words(refusal: DomainError) -> str:
    """The sentence; for a form, the sentences of its fields."""
    if isinstance(refusal, Invalid) and refusal.fields:
        return " ".join(str(sentence) for sentences in refusal.fields.values() for sentence in sentences)
    return refusal.sentence
