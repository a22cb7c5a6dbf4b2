"""Who could go: the ranked technicians with the reason in words, the best free one first."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.tickets import selectors
from apps.tickets.selectors import Suggestion

if TYPE_CHECKING:
    from apps.tickets.models import PushCandidate, Ticket


@dataclass(frozen=True)
class Near:
    """One line of the choice. `warn`: sending this person breaks a rule; possible, but it needs a reason."""

    technician_id: int
    name: str
    why: str
    warn: bool
    metres: float | None
    load: str
    best: bool = False

    @property
    def face(self) -> str:
        return self.name[:1]


def people_near(ticket: "Ticket") -> list[Near]:
    """Everybody worth considering but the present holder. One or two queries."""
    found = [s for s in selectors.suggestions(ticket) if s.person.technician_id != ticket.technician_id]
    closest = min((one.metres for one in found if one.metres is not None), default=-1.0)
    lines = [_near(one, nearest=one.metres == closest) for one in found]
    best = next((number for number, line in enumerate(lines) if not line.warn), None)
    return [replace(line, best=number == best) for number, line in enumerate(lines)]


def _near(one: Suggestion, *, nearest: bool) -> Near:
    person = one.person
    broken = _broken_rules(one)
    good = [
        _("has the skill") if one.has_skill else "",
        _("own grid") if one.ranked.own_grid else person.org_name,
        _("nearest") if nearest else "",
    ]
    words = " · ".join(filter(None, broken or good))
    load = f"{person.open_count}/{person.cap}" + ("" if person.open_count else f" · {_('free')}")
    return Near(person.technician_id, person.name, words, bool(broken), one.metres, load)


def _broken_rules(one: Suggestion) -> list[str]:
    return [
        sentence
        for broken, sentence in (
            (not one.person.on_duty, _("off duty")),
            (one.person.open_count >= one.person.cap, _("is full")),
            (not one.has_skill, _("lacks the skill")),
        )
        if broken
    ]


@dataclass(frozen=True)
class Wave:
    """The latest push wave: whom the system asked, and whom it considered."""

    round: int
    made_at: datetime
    people: "list[PushCandidate]"
    chosen: int


def latest_wave(ticket: "Ticket") -> Wave | None:
    """The ticket's last wave with everybody considered, best first; None if it found nobody. One query."""
    people = selectors.wave_of(ticket)
    if not people:
        return None
    wave = people[0].wave
    return Wave(wave.round, wave.made_at, people, sum(one.chosen for one in people))
