"""Tickets written in bulk tell the same story as tickets that walked (demo, bench)."""

from datetime import timedelta

from apps.people.models import OrgUnit
from apps.tickets.models import Assignment, Ticket
from apps.tickets.past import ROADS, Past, write_past
from apps.tickets.selectors import ticket_types
from apps.tickets.workflow import HELD, State
from steppe.kernel import clock
from tests.cast import NEAR, Branch
from tests.make import PHONE

ACTORS = dict.fromkeys(("desk", "dispatcher", "callback", "technician"), ("staff:1", "Lin"))


def _past(state: State, branch: Branch, minutes: float) -> Past:
    return Past(
        state=state, type=ticket_types()[0], grid=OrgUnit.objects.get(code="E1"), steps=(0, *[minutes] * 4),
        reported_at=clock.now() - timedelta(hours=9), address="Birch Court 1", coarse="E1", phone=PHONE,
        lat=NEAR[0], lng=NEAR[1], actors=ACTORS, technician_id=branch.wu.technician_id,
    )  # fmt: skip


def test_replaying_the_history_gives_the_present(lotus_db: Branch) -> None:
    write_past(_past(state, lotus_db, 20) for state in map(State, ROADS))
    for ticket in Ticket.objects.all():
        steps = list(ticket.history.order_by("version"))
        assert [step.version for step in steps] == list(range(1, ticket.version + 1))
        assert [step.before for step in steps] == ["", *[step.after for step in steps[:-1]]]
        assert steps[-1].after == ticket.status
        active = Assignment.objects.filter(ticket_id=ticket.pk, ended_at=None, technician_id=ticket.technician_id)
        assert active.exists() == (ticket.status in HELD)


def test_nothing_of_the_past_lies_ahead(lotus_db: Branch) -> None:
    """A long way to a far grid must not end tomorrow."""
    (ticket,) = write_past([_past(State.CLOSED, lotus_db, 300)])
    assert ticket.closed_at is not None and ticket.closed_at <= clock.now()
    assert all(step.at <= clock.now() for step in ticket.history.all())
