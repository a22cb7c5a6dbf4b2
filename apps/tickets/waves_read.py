"""The waves of a ticket for who looks at it: how far it was called out, when, who was told and by what score."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from apps.tickets.models import PushWave, Ticket
from apps.tickets.rules.reaches import last_series


@dataclass(frozen=True)
class Asked:
    """One technician of a wave, with the numbers that decided; `score_m` is metres of road and load together."""

    name: str
    distance_m: float
    open_count: int
    score_m: float
    own_grid: bool
    chosen: bool


@dataclass(frozen=True)
class Wave:
    """One wave: its place in the ticket's life, how far it reached (rules/reaches.py), and everybody considered."""

    round: int
    reach: str
    made_at: datetime
    people: tuple[Asked, ...]

    @property
    def chosen(self) -> int:
        """How many were told."""
        return sum(one.chosen for one in self.people)


_PEOPLE = (
    "candidates__technician__user__name", "candidates__distance_m", "candidates__open_count", "candidates__score_m",
    "candidates__own_grid", "candidates__chosen",
)  # fmt: skip


def waves_of(ticket: Ticket) -> list[Wave]:
    """The waves of the ticket's last series, in their order. One query; the caller may see the ticket."""
    rows = PushWave.objects.filter(ticket_id=ticket.pk, made_at__gte=ticket.pooled_at or ticket.reported_at)
    found = rows.order_by("round", "candidates__rank").values_list("round", "reach", "made_at", *_PEOPLE)
    waves = [
        Wave(number, reach, made_at, tuple(Asked(*row[3:]) for row in lines if row[3] is not None))
        for (number, reach, made_at), lines in groupby(found, key=lambda row: row[:3])
    ]
    return waves[last_series([one.reach for one in waves]) :]
