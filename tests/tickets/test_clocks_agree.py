"""The stored clocks are a cache of the history: over random lives both always say the same."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.people.models import Technician
from apps.tickets import services, settings_read
from apps.tickets.models import Breach, Ticket
from apps.tickets.rules.clocks import CLOCKS, HOLD_CLASSES, current
from apps.tickets.rules.workflow import may
from apps.tickets.services import _clocks as book
from steppe.kernel import clock
from steppe.kernel.errors import DomainError
from tenants.context import policy
from tenants.models import Tenant
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.tickets.steps import ask, do, now_of, ready, shown
from tests.tickets.test_life import EXAMPLES

LIFE = (
    "grab", "dispatch", "confirm", "decline", "reassign", "contact", "book", "resume", "check_in", "complete",
    "fail_work", "callback_ok", "callback_reject", "reopen", "return", "transfer", "change_type", "change_priority",
    "urge", "start_remote", "hold", "release", "place",
)  # fmt: skip
ONWARD = ("grab", "confirm", "check_in", "hold", "resume", "complete", "callback_reject", "reopen")  # long lives
OWN = {"confirm", "decline", "contact", "book", "check_in", "complete", "fail_work"}
kinds = st.sampled_from(HOLD_CLASSES)
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def take(action: str, ticket: Ticket, kind: str) -> None:
    """One step by whoever has it, or usually does it; a storm is declared by the branch's administrator."""
    holder = ticket.technician.user.username if ticket.technician else "wu"
    if action == "sweep":
        services.sweep_clocks()
        services.sweep_holds()
    elif action == "hours":
        bai, hours = make.actor("bai"), [480, 1200] if policy().service == (0, 1440) else [0, 1440]
        stamp = settings_read.settings_for(bai).stamp
        services.change_settings(wanted={"service": hours}, stamp=stamp, by=bai, key=key())
        services.sweep_clocks()
    elif action == "hold":
        until = clock.now() + timedelta(hours=5)
        ask("hold", ticket.public_id, by=make.actor(holder), hold_class=kind, resume_at=until)
        services.approve_request(public_id=ticket.public_id, by=make.actor("bai"), key=key())
    elif action in OWN:
        more = {"photos": shown(holder)} if action == "fail_work" else {}
        do(action, ticket.public_id, by=make.actor(holder), **more)
    elif action == "reassign":
        do(action, ticket.public_id, to="bo" if holder == "wu" else "wu")
    else:
        ready(action, ticket)
        do(action, ticket.public_id)


def agree(ticket: Ticket) -> None:
    """Every stored due is what the history says; what is told next is never told too late."""
    found, calendar = now_of(ticket), book.service_calendar()
    runs = book.runs_of(found, calendar)
    latest = current(runs)
    for name in CLOCKS:
        expected = latest[name].due_at if name in latest else None
        assert getattr(found, f"{name}_due_at") == expected, name
    columns = book.columns_of(found, runs, calendar, book.told(found))
    assert found.overdue_clocks == columns["overdue_clocks"]
    if columns["next_clock_at"] is not None:
        assert found.next_clock_at is not None
        assert found.next_clock_at <= columns["next_clock_at"]
    running = [name for name in found.overdue_clocks if not latest[name].running]
    assert not running
    assert found.was_overdue == Breach.objects.filter(ticket=found).exists()


@settings(
    max_examples=EXAMPLES * 2,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data(), st.booleans())
def test_the_stored_due_is_the_due_of_the_history(lotus_db: Branch, data: st.DataObject, night: bool) -> None:
    """Also where the branch decides other hours meanwhile, and whatever state the ticket is in then."""
    lotus_db.tenant.policy = {"technician_cap": 99, "service": [480, 1200] if night else [0, 1440]}
    with nothing_stays():
        Tenant.objects.filter(pk=lotus_db.tenant.pk).update(policy=lotus_db.tenant.policy)
        live(data)


@contextmanager
def nothing_stays() -> Iterator[None]:
    """The next life begins as this one did: what an earlier one left (repeats, slots, dues) would lead it elsewhere.

    A plain savepoint: commands demand to be outermost.
    """
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def live(data: st.DataObject) -> None:
    Technician.objects.update(open_count=0, cap=99)
    now = BEGIN
    with clock.frozen(now):
        ticket = make_ticket(status=data.draw(st.sampled_from(["pooled", "submitted"])))
    agree(ticket)
    for _ in range(data.draw(st.integers(4, 12))):
        now += timedelta(minutes=data.draw(st.integers(0, 60 * 20)))
        legal = [action for action in LIFE + ONWARD * 3 if may(action, now_of(ticket).status)]
        with clock.frozen(now):
            with suppress(DomainError):  # a rule of its own says no: then nothing may have changed either
                take(data.draw(st.sampled_from(["sweep", "hours", *legal])), now_of(ticket), data.draw(kinds))
            agree(ticket)
