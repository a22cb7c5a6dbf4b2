"""Words of the page of scheduled reports. No query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from apps.console.said import said, whole
from apps.exports.mail_read import Shown
from apps.exports.rules.mailing import LAST_MONTH, LAST_WEEK, YESTERDAY
from apps.exports.sources import SOURCES
from apps.exports.writers import FORMS

Words = Mapping[str, "str | Promise"]
RULES: Words = {
    YESTERDAY: pgettext_lazy("report", "Every day, the day before"),
    LAST_WEEK: pgettext_lazy("report", "Every week, the week before"),
    LAST_MONTH: pgettext_lazy("report", "Every month, the month before"),
}
WEEKDAYS: Sequence["str | Promise"] = (
    pgettext_lazy("weekday", "Monday"), pgettext_lazy("weekday", "Tuesday"), pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"), pgettext_lazy("weekday", "Friday"), pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)  # fmt: skip
MAILINGS: Words = {
    "making": pgettext_lazy("report", "the file is being made"),
    "sending": pgettext_lazy("report", "being sent"),
    "sent": pgettext_lazy("report", "sent"),
    "failed": pgettext_lazy("report", "not sent"),
}
LETTERS: Words = {
    "waiting": pgettext_lazy("letter", "is tried again"),
    "sending": pgettext_lazy("letter", "on its way"),
    "sent": pgettext_lazy("letter", "sent"),
    "failed": pgettext_lazy("letter", "not sent"),
    "unsure": pgettext_lazy("letter", "perhaps sent: the line broke, it is not sent twice"),
}
DONE: Words = {
    "saved": gettext_lazy("The report goes out at its time."),
    "changed": gettext_lazy("The report goes out the new way from the next time on."),
    "paused": gettext_lazy("Nothing goes out until you go on with it."),
    "resumed": gettext_lazy("It goes out again from the next time on."),
    "removed": gettext_lazy("The report is off its schedule."),
    "left": gettext_lazy("You get no more of it."),
    "address": gettext_lazy("The mail address is kept."),
    "domains": gettext_lazy("The domains are kept."),
}


@dataclass(frozen=True)
class Told:
    """A schedule as the list shows it; `letters`: whose stands how, and why."""

    shown: Shown
    title: str
    form: str
    when: str
    last: str
    letters: list[tuple[str, str, str]]


def told(one: Shown) -> Told:
    """What stands in the rows, in words."""
    form, last = FORMS.get(one.row.form), one.last
    return Told(
        one, title_of(one.row), str(form.word if form else one.row.form), when(one.row),
        str(MAILINGS[last.state]) if last else "", [_letter(letter) for letter in one.letters],
    )  # fmt: skip


def title_of(row: Any) -> str:
    """What the table is called."""
    source = SOURCES.get(row.source)
    return str(source.word if source else row.source)


def when(row: Any) -> str:
    """`Every week, the week before: Monday, 08:30`."""
    clock = f"{row.minute // 60:02d}:{row.minute % 60:02d}"
    if row.rule == LAST_WEEK:
        day = f"{WEEKDAYS[row.day - 1]}, {clock}"
    else:
        day = _("day %(day)s, %(time)s") % {"day": row.day, "time": clock} if row.day else clock
    return pgettext("report", "%(rule)s: %(time)s") % {"rule": RULES[row.rule], "time": day}


def rules() -> list[tuple[str, "str | Promise"]]:
    """To choose from."""
    return list(RULES.items())


def weekdays() -> list[tuple[int, "str | Promise"]]:
    """To choose from, Monday is 1."""
    return list(enumerate(WEEKDAYS, 1))


def day_of(rule: str, given: QueryDict) -> int:
    """The day that belongs to the rule: each has an input of its own."""
    name = {LAST_WEEK: "weekday", LAST_MONTH: "monthday"}.get(rule, "")
    return whole(given, name) or 0 if name else 0


def chosen(given: QueryDict) -> dict[str, Any]:
    """The form as it was typed, else as most want it."""
    return {
        "form": said(given, "form") or "xlsx", "period": said(given, "period"), "at": said(given, "at", 5) or "08:00",
        "rule": said(given, "rule", 12) or LAST_MONTH, "weekday": whole(given, "weekday") or 1,
        "monthday": whole(given, "monthday") or 1, "outside": said(given, "outside", 4000),
    }  # fmt: skip


def as_typed(row: Any) -> QueryDict:
    """A schedule as somebody would have typed it into the form."""
    typed = QueryDict(mutable=True)
    clock = f"{row.minute // 60:02d}:{row.minute % 60:02d}"
    typed.update({"source": row.source, "form": row.form, "period": row.period, "rule": row.rule, "at": clock})
    typed.update({"weekday": str(row.day), "monthday": str(row.day), "outside": "\n".join(row.outside)})
    typed.setlist("columns", row.columns)
    typed.setlist("staff", [str(one) for one in row.staff])
    return typed


def _letter(letter: Any) -> tuple[str, str, str]:
    return letter.address, str(LETTERS[letter.state]), letter.trouble
