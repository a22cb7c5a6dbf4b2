"""What the rows of a brought file come to: each as the ticket it would be, what is wrong with it, what is told already.

Judged anew each time it is asked: types, open tickets and the hour change between the file and the decision.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.people.phone import normal_phone
from apps.tickets import duplicates, types_read
from apps.tickets.models import Import, TypeVersion
from apps.tickets.rules import import_rows as rule
from apps.tickets.rules.forms import complaints
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.sheet_files import why_unreadable

Fault = tuple[str, str]  # the field, and the sentence
TEXTS = ("contact_name", "address", "description", "account_no")


@dataclass
class Line:
    """A row: `cells` as they were read, `told` as a report, `faults` by (head, sentence); `known` what speaks of the
    same already, and `known_id` the open ticket it is.
    """

    place: int
    cells: dict[str, str]
    told: dict[str, Any] = field(default_factory=dict)
    type_name: str = ""
    family: str = "other"
    faults: list[Fault] = field(default_factory=list)
    known: str = ""
    known_id: str = ""

    @property
    def good(self) -> bool:
        return not self.faults

    @property
    def when(self) -> str:
        """The hour of the report as the branch reads it; what stands there, if it is none."""
        at = self.told.get("reported_at")
        return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}" if at else self.cells.get("reported_at", "")

    @property
    def callers(self) -> Iterator[duplicates.Caller]:
        """By what the caller of a kind is known; nothing is about the same as "other"."""
        if self.family != "other":
            for name in ("contact_phone", "account_no"):
                if self.told.get(name):
                    yield self.family, name, self.told[name]


class Types:
    """The branch's types by what people write for them: code or name, whichever the letters' size."""

    def __init__(self, versions: Sequence[TypeVersion]) -> None:
        self.named: dict[str, list[TypeVersion]] = {}
        for one in versions:
            kind = one.type
            for name in dict.fromkeys(_plain(text) for text in (kind.code, kind.name_zh, kind.name_en) if text):
                self.named.setdefault(name, []).append(one)

    def find(self, text: str) -> tuple[TypeVersion | None, str]:
        """The type, or why it is none."""
        found = self.named.get(_plain(text), [])
        exact = [one for one in found if _plain(one.type.code) == _plain(text)] or found
        if not text:
            return None, _("Write the type, by its name or code.")
        if not exact:
            return None, _("There is no such type here.")
        if len(exact) > 1:
            return None, _("Several types are called so. Write the code.")
        if asked := _asked_besides(exact[0]):
            told = {"names": "、".join(asked)}
            return None, _("This type asks for more than a file can say (%(names)s). Enter it by hand.") % told
        return exact[0], ""


def judged(actor: Actor, row: Import) -> list[Line]:
    """Every row of the file. Two queries."""
    types = Types(types_read.forms_in_force())
    lines = [_line(one, types) for one in row.rows]
    for line in lines:
        line.faults = [(row.heads.get(name) or _head(name), why) for name, why in line.faults]
    _note_known(actor, lines)
    return lines


def _line(row: Mapping[str, Any], types: Types) -> Line:
    line = Line(row["place"], row["cells"])
    odd = {name: why_unreadable("\x00" + what) for name, what in row["odd"].items()}
    faults = odd | {name: why for name, why in _read(line, types) if name not in odd}
    line.faults = [(one.field, faults[one.field]) for one in rule.COLUMNS if one.field in faults]
    return line


def _read(line: Line, types: Types) -> Iterator[Fault]:
    cells = {one.field: line.cells.get(one.field, "") for one in rule.COLUMNS}
    line.told = {name: cells[name] for name in TEXTS}
    version, why = types.find(cells["type_code"])
    if version is None:
        yield "type_code", why
    else:
        line.told["type_code"], line.family = version.type.code, version.type.family
        line.type_name = version.type.name
    yield from _who_and_where(line, cells)
    yield from _when_and_how(line, cells)


def _who_and_where(line: Line, cells: Mapping[str, str]) -> Iterator[Fault]:
    line.told["contact_phone"] = normal_phone(cells["contact_phone"]) or ""
    if not line.told["contact_phone"]:
        yield (
            "contact_phone",
            _("This is not a phone number we can call back. A mobile has 11 digits; a line its area code, please."),
        )
    if not cells["address"]:
        yield "address", _("Write the address.")
    for name, most in rule.LONGEST.items():
        if len(cells[name]) > most:
            yield name, _("At most %(most)s letters, please.") % {"most": most}


def _when_and_how(line: Line, cells: Mapping[str, str]) -> Iterator[Fault]:
    line.told["priority"] = rule.priority(cells["priority"])
    if line.told["priority"] is None:
        yield "priority", _("Write 1, 2 or 3; empty is 2.")
    line.told["reported_at"] = None
    if not cells["reported_at"]:
        return
    told, now = rule.moment(cells["reported_at"], clock.BUSINESS_ZONE), clock.now()
    if told is None:
        yield "reported_at", _("Write the time as 2026-03-05 14:30.")
    elif told > now:
        yield "reported_at", _("This time lies in the future.")
    elif rule.too_old(told, now):
        yield "reported_at", _("This is more than %(days)s days ago.") % {"days": rule.OLDEST_DAYS}
    else:
        line.told["reported_at"] = told.isoformat()


def _note_known(actor: Actor, lines: Sequence[Line]) -> None:
    """An open ticket of this caller and kind, or an earlier row of this file."""
    good = [one for one in lines if one.good]
    open_ones = duplicates.running_of(actor, {caller for line in good for caller in line.callers})
    rows: dict[duplicates.Caller, int] = {}
    for line in good:
        for caller in line.callers:
            if ticket := open_ones.get(caller):
                line.known_id = ticket.public_id
                line.known = _("Open ticket %(no)s of this caller is of the same kind.") % {"no": ticket.ticket_no}
            elif caller in rows and not line.known:
                line.known = _("Row %(row)s is of the same kind from this caller.") % {"row": rows[caller]}
            rows.setdefault(caller, line.place)


def _asked_besides(version: TypeVersion) -> list[str]:
    """The names of what this type demands with every report, and no column holds."""
    english = (get_language() or "").startswith("en")
    asked = version.definition.at("report")
    missing = {one.path.split(".")[0] for one in complaints(asked, {})}
    return [(one.en or one.zh) if english else one.zh for one in asked if one.key in missing]


def _head(name: str) -> str:
    return next(one.head(get_language() or "") for one in rule.COLUMNS if one.field == name)


def _plain(text: str) -> str:
    return text.strip().casefold()
