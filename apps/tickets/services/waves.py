"""Push waves: who is told first. The decision is a row in the ticket's own transaction; sending is another's work.

A ticket begins a series of waves whenever it enters the pool (opened, released, placed, given back, sent back), and
when it becomes one of another type there: the grid's own people if it is kept for them, the nearest, the grid or
department, the branch, and at last the dispatcher's alarm. Each wave has a round of its own and tells only whom none
before it in the series has told, so nobody gets two cards.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from apps.people import selectors as people_reads
from apps.people.selectors import Candidate
from apps.tickets.events import WavePushed
from apps.tickets.models import PushCandidate, PushWave, Ticket, TicketEvent
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules import reaches
from apps.tickets.rules.matching import Ranked, rank
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.db import connection, prepared
from tenants.context import policy

log = logging.getLogger("steppe.sweep")
LOOKED_AT = 40  # the nearest as the crow flies, among whom road and load decide
CONSIDERED = 20  # of them the best stay with the wave
BATCH = 50
PUT_OFF = 5  # minutes
# Twenty rows through models cost more than all the rest of opening a ticket.
_KEEP = """
WITH wave AS (
    INSERT INTO tickets_pushwave (ticket_id, round, reach, made_at)
    SELECT %(ticket)s, 1 + count(*), %(reach)s, %(now)s FROM tickets_pushwave WHERE ticket_id = %(ticket)s
    RETURNING id, round
),
wider AS (
    UPDATE tickets_ticket SET next_wave_at = %(next)s
     WHERE id = %(ticket)s AND next_wave_at IS DISTINCT FROM %(next)s
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


@dataclass(frozen=True)
class Wave:
    """Whom a wave considers, best first, and how far it goes; not written yet."""

    reach: str
    ranked: list[Ranked]

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.ranked)


def push_wave(ticket: Ticket, wave: Wave | None = None, *, to_dispatcher: bool = False) -> PushWave:
    """The ticket entered the pool: the first wave of a new series. Two queries, one more for one that came back.

    Who gave it back lately is left out. A wave without anyone chosen still stands: the screen shows it, so that no
    ticket stays silent. `wave`: who it is was found already (`first_wave`). `to_dispatcher`: nobody gets a card,
    whatever the type's rule is.
    """
    return _push(ticket, wave or first_wave(ticket, to_dispatcher=to_dispatcher))


def first_wave(ticket: Ticket, *, to_dispatcher: bool = False) -> Wave:
    """Whom the first wave of a series will tell; says on the ticket when the next one is due. One query, or two.

    A new ticket is written with that moment, instead of once more behind it.
    """
    by_hand = to_dispatcher or ticket.type_version.definition.dispatch_rule == "by_hand"
    people = _around(ticket, told=[]) if not by_hand else []
    owners = [one for one in people if one.org_path == _own_path(ticket)]
    reach = reaches.first_reach(owner_minutes=_owner_minutes(ticket), owners=len(owners), by_hand=by_hand)
    if reach == reaches.OWNER:
        return _planned(ticket, reach, _ranked(ticket, owners, size=policy().wave_size_grid), told=0)
    return _planned(ticket, reach, _near(ticket, people), told=0)


def push_wider(ticket: Ticket, reach: str = "") -> PushWave | None:
    """The next wave of the series, or the named one; None when the dispatcher was alarmed already. Five queries.

    The caller has locked the ticket; it stands in the pool.
    """
    series = _series(ticket)
    before = series[-1].reach if series else reaches.OWNER
    if before == reaches.ALARM:
        return None
    reach, told = reach or reaches.next_reach(before), _told(series)
    near = reach == reaches.NEAR
    found = _near(ticket, _around(ticket, told)) if near else _everybody(ticket, reach, told)
    return _push(ticket, _planned(ticket, reach, found, told=len(told)))


@command("tickets.push_wider")
def widen_wave(*, public_id: str, by: Actor) -> Receipt:
    """Nobody has taken it since the last wave: more people are told. Nothing happens before its time. Locks: ticket."""
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    ticket = rows.get(public_id=public_id)
    due = ticket.next_wave_at is not None and ticket.next_wave_at <= clock.now()
    wave = push_wider(ticket) if due and ticket.status == State.POOLED else None
    return step.receipt(ticket, reach=wave.reach if wave else "")


def sweep_waves() -> int:
    """Call out wider what nobody has taken; how many. At most 50 tickets of a branch in one turn."""
    due = Ticket.objects.filter(next_wave_at__lte=clock.now()).order_by("next_wave_at", "id")
    return sum(map(_widen_one, due.values_list("public_id", flat=True)[:BATCH]))


def _widen_one(public_id: str) -> bool:
    try:
        return bool(widen_wave(public_id=public_id, by=SYSTEM, key=uuid4().hex).facts["reach"])
    except Exception:
        log.exception("a wave was not pushed", extra={"ticket": public_id})
        Ticket.objects.filter(public_id=public_id).update(next_wave_at=clock.now() + clock.minutes(PUT_OFF))
        return False


def _around(ticket: Ticket, told: list[int]) -> list[Candidate]:
    """The nearest, whoever they are, and the grid's own people, however far: all of them where it is kept for them.

    One query. Where it is not kept and none of them is near, one more: asked every time, it made opening a ticket
    dearer by a third.
    """
    rules, own = policy(), _own_path(ticket)
    limit = max(LOOKED_AT, 2 * rules.wave_size)
    if not _owner_minutes(ticket):
        near = _fitting(ticket, told, limit=limit)
        if not own or any(one.org_path == own for one in near):
            return near
    return _fitting(ticket, told, limit=limit, also=own, also_limit=rules.wave_size_grid)


def _own_path(ticket: Ticket) -> str:
    """Whose people it is kept for (services/pool.py): its grid's, or the department's it begins with."""
    return ticket.org_path if ticket.grid_id else ""


def _near(ticket: Ticket, people: list[Candidate]) -> list[Ranked]:
    """The grid's best and the nearest by road and load, as many as the branch wants; a look at who was next."""
    own = any(one.org_path == _own_path(ticket) for one in people)
    ranked = _ranked(ticket, people, size=policy().wave_size + own)
    return [one for place, one in enumerate(ranked) if one.chosen or place < CONSIDERED]


def _everybody(ticket: Ticket, reach: str, told: list[int]) -> list[Ranked]:
    """Everybody of the grid or department, or of the branch, who may take it."""
    if reach == reaches.ALARM:
        return []
    rules = policy()
    size, under = (rules.wave_size_grid, ticket.org_path) if reach == reaches.GRID else (rules.wave_size_branch, "")
    return _ranked(ticket, _fitting(ticket, told, limit=size, under=under), size=size)


def _ranked(ticket: Ticket, people: list[Candidate], *, size: int) -> list[Ranked]:
    rules = policy()
    return rank(
        people, grid_path=_own_path(ticket), size=size, penalty_m=rules.open_ticket_penalty_m,
        road_factor=rules.road_factor,
    )  # fmt: skip


def _owner_minutes(ticket: Ticket) -> float:
    """How long it is kept for the grid's own people: by the branch, or because the type says so."""
    rules = policy()
    first = ticket.type_version.definition.dispatch_rule == "owner_first"
    return rules.owner_first_minutes or (rules.wave_minutes[0] if first else 0)


def _planned(ticket: Ticket, reach: str, ranked: list[Ranked], *, told: int) -> Wave:
    """The wave, with the moment of the next one set on the ticket; `told` is how many were told before."""
    wave = Wave(reach, ranked)
    ticket.next_wave_at = reaches.next_at(
        reach, clock.now(), asked=told + wave.chosen, owner_minutes=_owner_minutes(ticket),
        wave_minutes=policy().wave_minutes,
    )  # fmt: skip
    return wave


def _push(ticket: Ticket, wave: Wave) -> PushWave:
    made = _keep(ticket, wave)
    emit(
        WavePushed(
            entity_id=ticket.pk, public_id=ticket.public_id, version=ticket.version, wave_id=made.pk,
            chosen=wave.chosen, reach=wave.reach,
        )
    )  # fmt: skip
    return made


def _fitting(ticket: Ticket, told: list[int], *, limit: int, **more: Any) -> list[Candidate]:
    if ticket.lat is None or ticket.lng is None:
        return []
    return people_reads.nearest_technicians(
        lat=ticket.lat, lng=ticket.lng, skills=ticket.type_version.skills, limit=limit, with_room=True,
        without=[*gave_back_lately(ticket), *told], reach=ticket.org_path, roles=ACTIONS["grab"], **more,
    )  # fmt: skip


def gave_back_lately(ticket: Ticket) -> list[int]:
    """Technicians who returned or declined this ticket within the rest the branch sets. No query if nobody ever did."""
    if not ticket.return_count:
        return []
    since = clock.now() - clock.minutes(policy().return_rest_hours * 60)
    steps = TicketEvent.objects.filter(ticket_id=ticket.pk, action__in=["decline", "return"], at__gte=since)
    return [pk for pk in steps.values_list("data__technician_id", flat=True) if pk]


def _series(ticket: Ticket) -> list[PushWave]:
    """The waves of the series that runs, in their order. One query."""
    since = ticket.pooled_at or ticket.reported_at
    waves = list(PushWave.objects.filter(ticket_id=ticket.pk, made_at__gte=since).order_by("round"))
    return waves[reaches.last_series([one.reach for one in waves]) :]


def _told(series: list[PushWave]) -> list[int]:
    """Whom these waves have told. One query."""
    rows = PushCandidate.objects.filter(wave_id__in=[one.pk for one in series], chosen=True)
    return list(rows.values_list("technician_id", flat=True))


def _keep(ticket: Ticket, wave: Wave) -> PushWave:
    """The wave and its candidates. One statement; the ticket is locked or new, so nobody else counts its rounds."""
    params = {
        "ticket": ticket.pk, "reach": wave.reach, "now": clock.now(), "next": ticket.next_wave_at,
        "ranked": json.dumps([vars(one) for one in wave.ranked]),
    }  # fmt: skip
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_KEEP, params)
        pk, number = cursor.fetchone()
    return PushWave(id=pk, ticket=ticket, round=number, reach=wave.reach)
