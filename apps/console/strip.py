"""The counter strip: number, filter and key in one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.console.filters import Shown
from apps.console.words import time_since
from apps.tickets.desk import TILES, DeskCounts

WORDS = {
    "overdue": pgettext_lazy("tile", "Overdue"),
    "pooled": pgettext_lazy("tile", "In the pool"),
    "accepted": pgettext_lazy("tile", "Accepted"),
    "in_progress": pgettext_lazy("tile", "In progress"),
    "on_hold": pgettext_lazy("tile", "On hold"),
    "awaiting_callback": pgettext_lazy("tile", "Awaiting callback"),
    "closed": pgettext_lazy("tile", "Closed today"),
    "void": pgettext_lazy("tile", "Void today"),
}


@dataclass(frozen=True)
class Strip:
    """The eight tiles, and the alarm under them when something is overdue."""

    tiles: list[dict[str, Any]]
    overdue: int
    longest: str


def strip_of(counts: DeskCounts, shown: Shown, now: datetime) -> Strip:
    """As the page shows it. No query."""
    longest = time_since(counts.overdue_since, now)
    small = {
        "overdue": _("longest %(time)s") % {"time": longest} if longest else "",
        "pooled": _oldest(counts.pooled_since, now),
        "accepted": _("%(n)s unconfirmed") % {"n": counts.unconfirmed} if counts.unconfirmed else "",
    }
    tiles = [
        {
            "key": number, "code": code, "icon": "overdue" if code == "overdue" else f"s-{code}",
            "word": WORDS[code], "n": counts.numbers[code], "small": small.get(code, ""),
            "now": code == shown.tab and not shown.q, "query": shown.query(tab=code, q=""),
        }
        for number, code in enumerate(TILES)
    ]  # fmt: skip
    return Strip(tiles, counts.numbers["overdue"], longest)


def _oldest(since: datetime | None, now: datetime) -> str:
    waited = time_since(since, now)
    return _("oldest %(time)s") % {"time": waited} if waited else ""
