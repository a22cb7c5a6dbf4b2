"""Who could go: the ranked technicians with the reason in words, the best free one first."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.tickets import labels, selectors
from apps.tickets.labels import word
from apps.tickets.selectors import Suggestion
from apps.tickets.waves_read import Wave, waves_of

if TYPE_CHECKING:
    from apps.tickets.models import Ticket


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
    free = "" if person.open_count else _("free")
    load = " · ".join(part for part in (f"{person.open_count}/{person.cap}", free) if part)
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
class WaveLine:
    """One push wave and the word for how far it reached."""

    wave: Wave
    word: str


def told_in(ticket: "Ticket") -> list[WaveLine]:
    """The waves since it entered the pool, newest first; none when they have told nobody. One query."""
    waves = waves_of(ticket)
    if not any(wave.chosen for wave in waves):
        return []
    return [WaveLine(wave, word(labels.REACHES, wave.reach)) for wave in reversed(waves)]
