"""Push waves: who is told first. The decision is a row in the ticket's own transaction; sending is another's work."""

from apps.people import selectors as people_reads
from apps.tickets.events import WavePushed
from apps.tickets.matching import rank
from apps.tickets.models import PushCandidate, PushWave, Ticket
from apps.tickets.permissions import ACTIONS
from steppe.kernel import clock
from steppe.kernel.commands import emit
from tenants.context import policy

CONSIDERED = 20


def push_wave(ticket: Ticket, grid_path: str) -> PushWave:
    """Choose the nearest fitting on-duty technicians who may take it; keep who, distance and score. Four queries.

    A wave without anyone chosen still stands: the screen shows it, so that no ticket stays silent.
    """
    rules = policy()
    people = []
    if ticket.lat is not None and ticket.lng is not None:
        people = people_reads.nearest_technicians(
            lat=ticket.lat, lng=ticket.lng, skill=ticket.type.skill, limit=CONSIDERED,
            reach=ticket.org_path, roles=ACTIONS["grab"],
        )  # fmt: skip
    ranked = rank(
        people, grid_path=grid_path, size=rules.wave_size, penalty_m=rules.open_ticket_penalty_m,
        road_factor=rules.road_factor,
    )  # fmt: skip
    rounds = ticket.waves.count() if ticket.version > 1 else 0
    wave = PushWave.objects.create(ticket=ticket, round=rounds + 1, made_at=clock.now())
    PushCandidate.objects.bulk_create(
        PushCandidate(
            wave=wave, technician_id=one.technician_id, rank=number, distance_m=one.distance_m,
            open_count=one.open_count, score_m=one.score_m, own_grid=one.own_grid, chosen=one.chosen,
        )
        for number, one in enumerate(ranked, start=1)
    )  # fmt: skip
    chosen = sum(one.chosen for one in ranked)
    emit(
        WavePushed(
            entity_id=ticket.pk,
            public_id=ticket.public_id,
            version=ticket.version,
            wave_id=wave.pk,
            chosen=chosen,
        )
    )
    return wave
