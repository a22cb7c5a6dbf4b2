"""What the page of a stocktake says, beside its template."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.inventory.stocktake_read import Result

# A count borrows shape and colour from the ticket's states, like the documents do.
STATES: dict[str, tuple[str, str | Promise]] = {
    "counting": ("in_progress", pgettext_lazy("stocktake", "Counting")),
    "closed": ("pooled", pgettext_lazy("stocktake", "To be decided")),
    "posted": ("closed", pgettext_lazy("stocktake", "Posted")),
    "withdrawn": ("cancelled", pgettext_lazy("stocktake", "Withdrawn")),
}


@dataclass(frozen=True)
class Row:
    """A counted shelf with the numbers that are missing or new on it."""

    line: Any
    missing: list[str]
    new: list[str]
    elsewhere: int

    @property
    def differs(self) -> bool:
        return bool(self.line.difference or self.missing or self.new or self.elsewhere)


def rows_of(result: Result) -> list[Row]:
    """What differs stands first."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in result.findings:
        found[one.line_id][one.kind].append(one.number)
    rows = [
        Row(line, found[line.pk]["missing"], found[line.pk]["new"], len(found[line.pk]["elsewhere"]))
        for line in result.lines
    ]
    return sorted(rows, key=lambda row: (row.line.counted is None, not row.differs))


def said(what: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "opened": _("The list is frozen. Count by phone; the store stays open meanwhile."),
        "again": _("Some shelves differ. They are to be counted once more; the phones show which."),
        "close": _("Counted. Somebody who took no part looks at the differences now."),
        "approve": _("It is in the books."), "withdraw": _("It is withdrawn. Nothing has moved."),
        "send_back": _("Sent back. What differs is counted again."), "work_out": _("Worked out again."),
    }.get(what, "")  # fmt: skip
