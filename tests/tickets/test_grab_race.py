"""Many hands, real connections: one winner each, caps hold. And the control: without the guards it does go wrong."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections, transaction
from django.db.models import F

from apps.people import services as people
from apps.people.models import OrgUnit, Technician
from apps.tickets.models import Assignment, Ticket, TicketEvent
from apps.tickets.services import grab_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch
from tests.cast import NEAR, PASSWORD, Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket

THREADS = 16
TICKETS = 24
CAP = 3

Grab = Callable[[str, Actor], str]


def test_sixteen_technicians_race_and_every_ticket_has_one_winner(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        hands, names = _crowd(), _pool()
        outcomes = _race(lotus, hands, names, _by_the_book)

        winners = Counter(Assignment.objects.filter(ended_at=None).values_list("ticket_id", flat=True))
        assert set(winners.values()) == {1} and len(winners) == TICKETS
        assert outcomes["won"] == TICKETS
        assert set(outcomes) <= {"won", "tickets.already_taken", "people.cap_reached"}, outcomes
        held = Counter(Ticket.objects.filter(status="accepted").values_list("technician_id", flat=True))
        assert max(held.values()) <= CAP
        assert all(t.open_count == held[t.pk] for t in Technician.objects.filter(id__in=held))
        assert TicketEvent.objects.filter(action="grab").count() == TICKETS
        assert OutboxEvent.objects.filter(kind="ticket.grabbed").count() == TICKETS


def test_one_technician_with_many_hands_never_exceeds_the_cap(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        names = _pool(12)
        outcomes = _race(lotus, [actor("wu")] * 12, names, _by_the_book, each=1)
        assert outcomes == {"won": CAP, "people.cap_reached": 12 - CAP}
        assert Ticket.objects.filter(status="accepted").count() == CAP


def test_the_control_read_then_write_grabs_twice_when_the_guards_are_gone(committed: Database, lotus: Branch) -> None:
    """If this one ever finds no double grab, the race above proves nothing."""
    with in_branch(lotus.tenant):
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX assignment_one_active_per_ticket")
        hands, names = _crowd(), _pool()
        _race(lotus, hands, names, _naive)
        winners = Counter(Assignment.objects.filter(ended_at=None).values_list("ticket_id", flat=True))
        assert sum(1 for count in winners.values() if count > 1) > 0


def test_the_index_alone_stops_the_naive_grab(committed: Database, lotus: Branch) -> None:
    """The second guard: the same naive code, the partial unique index in place."""
    with in_branch(lotus.tenant):
        hands, names = _crowd(), _pool(8)
        outcomes = _race(lotus, hands, names, _naive)
        winners = Counter(Assignment.objects.filter(ended_at=None).values_list("ticket_id", flat=True))
        assert set(winners.values()) == {1} and outcomes["won"] == len(winners)


def _crowd() -> list[Actor]:
    """Sixteen technicians of one grid."""
    grid = OrgUnit.objects.get(code="E1")
    for number in range(THREADS):
        user = people.add_user(
            username=f"t{number}", name=f"T{number}", password=PASSWORD, grants=[("technician", "/1/2/")]
        )
        people.add_technician(user=user, org_unit=grid, skills=["broadband"], cap=CAP, lat=NEAR[0], lng=NEAR[1])
    Technician.objects.update(on_duty=True)
    return [actor(f"t{number}") for number in range(THREADS)]


def _pool(count: int = TICKETS) -> list[str]:
    return [make_ticket().public_id for _ in range(count)]


def _race(branch: Branch, hands: list[Actor], names: list[str], grab: Grab, each: int = 0) -> Counter[str]:
    """Everybody starts at once and walks the pool in the same order (with `each`, one ticket per hand)."""
    start = threading.Barrier(len(hands))

    def one(number: int) -> list[str]:
        try:
            with in_branch(branch.tenant):
                start.wait(timeout=20)
                mine = [names[number]] if each else names
                return [_outcome(grab, name, hands[number]) for name in mine]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(hands)) as crowd:
        return Counter(outcome for told in crowd.map(one, range(len(hands))) for outcome in told)


def _outcome(grab: Grab, name: str, who: Actor) -> str:
    try:
        return grab(name, who)
    except DomainError as refusal:
        return refusal.code


def _by_the_book(name: str, who: Actor) -> str:
    grab_ticket(public_id=name, by=who, key=key())
    return "won"


def _naive(name: str, who: Actor) -> str:
    """What one writes first: look, then take."""
    from django.db import IntegrityError

    try:
        with transaction.atomic():
            ticket = Ticket.objects.get(public_id=name)
            if ticket.status != "pooled":
                return "lost"
            now = clock.now()
            Assignment.objects.create(ticket=ticket, technician_id=who.technician_id, mode="grab", started_at=now)
            Ticket.objects.filter(id=ticket.pk).update(
                status="accepted", technician_id=who.technician_id, version=F("version") + 1
            )
            return "won"
    except IntegrityError:
        return "lost"
