"""What a search asks for: read from an address or a saved view, refused where it makes no sense, written back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from apps.tickets.rules.workflow import TABS
from steppe.kernel import clock
from steppe.kernel.errors import Invalid

CHANNELS = (
    "wechat_oa", "h5", "hotline_96066", "local_line", "shop", "tech_direct", "boss", "noc", "plan", "gov_12345",
    "import", "handover",
)  # fmt: skip
PRIORITIES = (0, 1, 2, 3)
PERIODS = ("reported", "closed")
OVERDUE = ("now", "ever")
COLUMNS = ("type", "address", "note", "due", "technician", "grid", "department", "channel", "reported", "closed")
STANDARD = ("type", "address", "note", "due", "technician", "reported")
RUNNING = ("pooled", "accepted", "awaiting_callback", "overdue")
ENDED = ("closed", "void")
ALWAYS = ("newest", "oldest")
SORTS = (*ALWAYS, "due", "ended")
LONGEST_TEXT = 60
MOST_DAYS = 400
_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_CODE = re.compile(r"[\w.-]{1,30}")


@dataclass(frozen=True)
class Wanted:
    """One search. Everything empty: all tickets, the newest report first."""

    tab: str = ""
    text: str = ""
    type: str = ""
    grid: str = ""
    department: str = ""
    technician_id: int | None = None
    overdue: str = ""
    channel: str = ""
    priority: int | None = None
    period: str = "reported"
    days: int | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "newest"
    columns: tuple[str, ...] = STANDARD

    def between(self) -> tuple[datetime | None, datetime | None]:
        """From when until before when, in business days; None is open."""
        if self.days:
            today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
            return _midnight(today - timedelta(days=self.days - 1)), None
        after = self.until + timedelta(days=1) if self.until else None
        return (_midnight(self.since) if self.since else None), (_midnight(after) if after else None)


def sorts_of(tab: str) -> tuple[str, ...]:
    """The orders that mean something in a tab: what is over has no time left, what runs has no end."""
    return (*ALWAYS, "due") if tab in RUNNING else (*ALWAYS, "ended") if tab in ENDED else ALWAYS


def read(given: Mapping[str, str]) -> Wanted:
    """The search these parameters describe; empty ones say nothing. Raises Invalid, which names each wrong one."""
    values: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, said in given.items():
        try:
            if said.strip() or name not in _READERS:
                values[name] = _reader(name)(said.strip())
        except ValueError as error:
            wrong[name[:40]] = [str(error)]
    wrong |= {} if wrong else _contradictions(values)
    if wrong:
        raise Invalid(wrong)
    return Wanted(**values)


def read_query(query: str) -> Wanted:
    """The search of a link or a saved view. Raises Invalid."""
    try:
        return read(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=40)))
    except ValueError as error:  # too many parts
        raise Invalid({"query": [_("This is not a search.")]}) from error


def write_query(wanted: Wanted, **changes: object) -> str:
    """The shortest link that asks the same; `changes` replace parts, an empty one leaves its part out."""
    parts = {name: getattr(wanted, name) for name in _READERS} | changes
    usual = {name: getattr(Wanted, name) for name in _READERS}
    kept = {name: _text(value) for name, value in parts.items() if value != usual[name]}
    return urlencode({name: text for name, text in kept.items() if text}, safe=",")


def _text(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BUSINESS_ZONE)


def _contradictions(values: dict[str, Any]) -> dict[str, list[str]]:
    """Parts that are right by themselves and make no sense together."""
    since, until = values.get("since"), values.get("until")
    if values.get("days") and (since or until):
        return {"days": [_("Choose either the last days or dates of your own.")]}
    if since and until and since > until:
        return {"until": [_("The last day lies before the first.")]}
    if values.get("sort", "newest") not in sorts_of(values.get("tab", "")):
        return {"sort": [_wrong_order(values["sort"], values.get("tab", ""))]}
    return {}


def _wrong_order(sort: str, tab: str) -> str:
    if not tab:
        return _("Choose a tab before this order.")
    return _("Tickets that are over have no time left.") if sort == "due" else _("Open tickets have no end yet.")


def _reader(name: str) -> Callable[[str], Any]:
    if name not in _READERS:
        raise ValueError(_("There is no such filter."))
    return _READERS[name]


def _one_of(*choices: str) -> Callable[[str], str]:
    def choose(said: str) -> str:
        if said not in choices:
            raise ValueError(_("“%(said)s” is not one of the choices.") % {"said": said[:40]})
        return said

    return choose


def _whole(most: int) -> Callable[[str], int]:
    def count(said: str) -> int:
        if not (len(said) <= 10 and said.isascii() and said.isdigit() and 1 <= int(said) <= most):
            raise ValueError(_("Please give a whole number from 1 to %(most)s.") % {"most": most})
        return int(said)

    return count


def _priority(said: str) -> int:
    return int(_one_of(*map(str, PRIORITIES))(said))


def _day(said: str) -> date:
    found = _DAY.fullmatch(said)
    try:
        return date(*map(int, found.groups())) if found else date(0, 0, 0)
    except ValueError as error:
        raise ValueError(_("Please give the day as 2026-11-23.")) from error


def _words(said: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in said).split())
    if len(plain) > LONGEST_TEXT:
        raise ValueError(_("Please search for at most %(n)s characters.") % {"n": LONGEST_TEXT})
    return plain


def _code(said: str) -> str:
    if not _CODE.fullmatch(said):
        raise ValueError(_("“%(said)s” is not one of the choices.") % {"said": said[:40]})
    return said


def _columns(said: str) -> tuple[str, ...]:
    asked = set(map(_one_of(*COLUMNS), said.split(",")))
    return tuple(name for name in COLUMNS if name in asked)


_READERS: dict[str, Callable[[str], Any]] = {
    "tab": _one_of(*TABS), "text": _words, "type": _code, "grid": _code, "department": _code,
    "technician_id": _whole(2**31 - 1), "overdue": _one_of(*OVERDUE), "channel": _one_of(*CHANNELS),
    "priority": _priority, "period": _one_of(*PERIODS), "days": _whole(MOST_DAYS), "since": _day,
    "until": _day, "sort": _one_of(*SORTS), "columns": _columns,
}  # fmt: skip
