"""Words of the exports' page. No query."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from apps.exports.selectors import UNFINISHED
from apps.exports.sources import SOURCES
from apps.exports.writers import FORMS, Form
from steppe.kernel import clock

STATES = {
    "asked": pgettext_lazy("export state", "Waits"),
    "running": pgettext_lazy("export state", "Being made"),
    "done": pgettext_lazy("export state", "Ready"),
    "cancelled": pgettext_lazy("export state", "Cancelled"),
    "failed": pgettext_lazy("export state", "Not made"),
    "expired": pgettext_lazy("export state", "Expired"),
}
UNITS = (("MB", 1_000_000), ("kB", 1000))


@dataclass(frozen=True)
class Told:
    """An export as the list shows it."""

    row: Any
    title: str
    form: str
    state: str
    size: str
    unfinished: bool
    ready: bool
    percent: int


def told(row: Any) -> Told:
    """What stands in the row, in words."""
    source, form = SOURCES.get(row.source), FORMS.get(row.form)
    past = row.expires_at is not None and row.expires_at <= clock.now()  # before the night has said so
    state = "expired" if row.state == "done" and past else row.state
    percent = row.done * 100 // row.total if row.total else 0
    return Told(
        row, str(source.word if source else row.source), str(form.word if form else row.form), str(STATES[state]),
        _size(row.size), state in UNFINISHED, state == "done", min(percent, 100),
    )  # fmt: skip


def hint(form: Form) -> str:
    """For whom a format is."""
    return {
        "xlsx": pgettext("format", "to look at and to reckon with"),
        "csv": pgettext("format", "for Excel, WPS and other programs"),
        "pdf": pgettext("format", "at most %(wide)s columns and %(most)s rows")
        % {"wide": FORMS["pdf"].wide, "most": FORMS["pdf"].most},
        "jsonl": pgettext("format", "for programmers"),
        "parquet": pgettext("format", "for data tools"),
    }.get(form.code, "")


def bad_day() -> str:
    return _("Please give the day as 2026-11-23.")


def _size(size: int) -> str:
    unit, one = next(((unit, one) for unit, one in UNITS if size >= one), ("B", 1))
    return f"{size / one:.1f} {unit}" if one > 1 else f"{size} B"
