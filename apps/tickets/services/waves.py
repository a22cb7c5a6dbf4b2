"""Push waves: who is told first. The decision is a row in the ticket's own transaction; sending is another's work.

A ticket gets a wave whenever it enters the pool (opened, released, placed, declined, sent back), and a wider one
when nobody took it in time. Each has a round of its own, so each sends cards of its own.
"""

import json
from datetime import timedelta

from apps.people import selectors as people_reads
from apps.people.selectors import Candidate
from apps.tickets.events import WavePushed
from apps.tickets.matching import Ranked, rank
from apps.tickets.models import PushWave, Ticket, TicketEvent
from apps.tickets.permissions import ACTIONS
from steppe.kernel import clock
from steppe.kernel.commands import emit
from steppe.kernel.db import connection, prepared
from tenants.context import policy

CONSIDERED = 20
WIDER = 2  # times the size of an ordinary wave
REST = timedelta(hours=24)  # who declined a ticket is not asked again so soon
# Twenty rows through models cost more than all the rest of opening a ticket.
_KEEP = """
WITH wave AS (
    INSERT INTO tickets_pushwave (ticket_id, round, made_at)
    SELECT %(ticket)s, 1 + count(*), %(now)s FROM tickets_pushwave WHERE ticket_id = %(ticket)s
    RETURNING id, round
),
candidates AS (
    INSERT INTO tickets_pushcandidate
           (wave_id, technician_id, rank, distance_m, open_count, score_m, own_grid, chosen)
    SELECT wave.id, technician_id, rank, distance_m, open_count, score_m, own_grid, chosen
      FROM wave, ROWS FROM (json_to_recordset(%(ranked)s) AS (technician_id bigint, distance_m double precision,
           open_count int, score_m double precision, own_grid boolean, chosen boolean))
           WITH ORDINALITY AS c (technician_id, distance_m, open_count, score_m, own_grid, chosen, rank)
)
SELECT id, round FROM wave
"""


def push_wave(ticket: Ticket, *, wider: bool = False) -> PushWave:
    """Choose the nearest fitting on-duty technicians with room who may take it; keep who, distance and score.

    Two queries, one more for a ticket that was declined: who declined it is left out. A wave without anyone
    chosen still stands: the screen shows it, so that no ticket stays silent.
    """
    rules = policy()
    ranked = rank(
        _fitting(ticket), grid_path=ticket.org_path if ticket.grid_id else "",
        size=rules.wave_size * (WIDER if wider else 1), penalty_m=rules.open_ticket_penalty_m,
        road_factor=rules.road_factor,
    )  # fmt: skip
    wave = _keep(ticket, ranked)
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


def _fitting(ticket: Ticket) -> list[Candidate]:
    if ticket.lat is None or ticket.lng is None:
        return []
    return people_reads.nearest_technicians(
        lat=ticket.lat, lng=ticket.lng, skill=ticket.type.skill, limit=CONSIDERED, with_room=True,
        without=_declined(ticket), reach=ticket.org_path, roles=ACTIONS["grab"],
    )  # fmt: skip


def _declined(ticket: Ticket) -> list[int]:
    """Who gave the ticket back lately. No query for a ticket that never came back."""
    if not ticket.return_count:
        return []
    steps = TicketEvent.objects.filter(ticket_id=ticket.pk, action="decline", at__gte=clock.now() - REST)
    return [pk for pk in steps.values_list("data__technician_id", flat=True) if pk]


def _keep(ticket: Ticket, ranked: list[Ranked]) -> PushWave:
    """The wave and its candidates. One statement; the ticket is locked or new, so nobody else counts its rounds."""
    params = {"ticket": ticket.pk, "now": clock.now(), "ranked": json.dumps([vars(one) for one in ranked])}
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_KEEP, params)
        pk, number = cursor.fetchone()
    return PushWave(id=pk, ticket=ticket, round=number)
