"""The history says it all: replaying it gives the present state. For what the services did and for the demo's past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.people.models import OrgUnit, Technician
from apps.tickets import past, selectors
from apps.tickets.facts_read import facts_of
from apps.tickets.models import Assignment, Breach, Ticket, TicketEvent, TicketType
from apps.tickets.past_roads import Turns
from apps.tickets.rules.workflow import HELD, TRANSITIONS, State
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.journal.models import OutboxEvent
from tests import make
from tests.cast import NEAR, Branch
from tests.make import make_ticket
from tests.tickets.steps import do, load_of, now_of

BY_THE_WAY = ["ticket.wave_pushed", "ticket.clock_warned", "ticket.clock_escalated"]  # events without a step
# Noted by the way: the state stays.
MARKS = {"overdue", "exempt", "compensate", "callback_attempt", "rate", "merged", "bundle"}


def replay(steps: list[TicketEvent]) -> tuple[str, int]:
    """State and version after these steps; each begins where the one before ended."""
    state, version = "", 0
    for step in steps:
        assert step.before == state and step.version == version + 1
        if step.action in MARKS:
            assert step.after == state
        else:
            row = TRANSITIONS[step.action]
            assert step.after in (row.targets or {state}) and (
                state in row.sources or (state, step.action) == ("", "submit")
            )
        state, version = step.after, step.version
    return state, version


def holder(ticket: Ticket, steps: list[TicketEvent]) -> int | None:
    """Who has, or had, the ticket last, from the steps alone."""
    has: int | None = None
    by_user = dict(Technician.objects.values_list("user_id", "id"))
    for step in steps:
        if step.action == "grab":
            has = by_user[int(step.actor.split(":")[1])]
        elif step.action in {"dispatch", "reassign"}:
            has = step.data.get("technician_id") or step.data.get("to")
        elif step.after == State.POOLED:
            has = None
    return has


def check(ticket: Ticket) -> None:
    found, steps = now_of(ticket), selectors.history(ticket)
    assert replay(steps) == (found.status, found.version)
    assert holder(found, steps) == found.technician_id
    active = list(Assignment.objects.filter(ticket=found, ended_at=None).values_list("technician_id", flat=True))
    assert active == ([found.technician_id] if found.status in HELD else [])
    told = OutboxEvent.objects.filter(entity="ticket", entity_id=found.pk).exclude(kind__in=BY_THE_WAY)
    said = {step.version: (step.before, step.after) for step in steps}
    for event in told:
        assert (event.facts["before"], event.facts["after"]) == said[event.version]


@pytest.mark.parametrize("status", [state for state in State if state not in {State.ON_HOLD, State.CANCELLED}])
def test_a_ticket_walked_to_any_state_replays(lotus_db: Branch, status: State) -> None:
    check(make_ticket(status=status))


def test_a_long_life_replays(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="submitted")
    with clock.frozen(clock.now() + clock.minutes(60 * 24 * 9)):
        for step in ("release", "dispatch", "decline", "dispatch", "confirm", "reassign"):
            do(step, ticket.public_id)
            check(ticket)
        sweep_clocks()
        for step in ("confirm", "check_in", "complete", "callback_reject", "check_in", "complete", "callback_ok"):
            do(step, ticket.public_id, **({} if step.startswith("callback") else {"by": bo}))
            check(ticket)
    assert now_of(ticket).version == 15
    assert OutboxEvent.objects.filter(entity_id=ticket.pk).exclude(kind__in=BY_THE_WAY).count() == 15


def test_who_and_when_stand_in_every_row(lotus_db: Branch, cai: Actor, wu: Actor) -> None:
    moment = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
    with clock.frozen(moment):
        ticket = make_ticket(status="accepted")
    opened, grabbed = selectors.history(ticket)
    assert (opened.actor, opened.actor_name, opened.at) == (cai.ref, "Cai", moment)
    assert (grabbed.actor, grabbed.actor_name, grabbed.at) == (wu.ref, "Wu", moment)


def test_whoever_may_not_see_the_contact_reads_no_reasons(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="assigned", to="bo")
    do("decline", ticket.public_id, by=lotus_db.bo, reason="other", note="her dog bites")
    for who, reads in ((lin, True), (wu, False)):
        words = [step.reason for step in selectors.history_in(who, selectors.ticket_for(who, ticket.public_id))]
        assert ("her dog bites" in words) is reads


def one_of_the_past(state: State, wu: Actor, lin: Actor, cai: Actor) -> past.Past:
    actors = {"technician": wu, "dispatcher": lin, "desk": cai, "callback": lin}
    return past.Past(
        state=state, type=TicketType.objects.get(code="fault_bb"), grid=OrgUnit.objects.get(code="E1"),
        reported_at=datetime(2026, 6, 30, 15, 59, tzinfo=UTC), steps=(0, 10, 30, 50, 90), address="Birch 1",
        coarse="E1 · Birch", phone=make.PHONE, lat=NEAR[0], lng=NEAR[1], technician_id=wu.technician_id, score=4,
        actors={role: (who.ref, who.name) for role, who in actors.items()},
    )  # fmt: skip


def test_the_demos_past_replays_in_every_state(lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor) -> None:
    written = past.write_past(one_of_the_past(state, wu, lin, cai) for state in State)
    assert [ticket.status for ticket in written] == list(State)
    for ticket in written:
        found, steps = now_of(ticket), selectors.history(ticket)
        assert replay(steps) == (found.status, found.version)
        assert found.changed_at == steps[-1].at and steps[0].at == found.reported_at
        active = Assignment.objects.filter(ticket=ticket, ended_at=None, technician_id=found.technician_id).count()
        assert active == (1 if found.status in HELD else 0)
        for event in OutboxEvent.objects.filter(entity_id=ticket.pk):
            step = steps[event.version - 1]
            assert (event.facts["before"], event.facts["after"], event.occurred_at) == (
                step.before,
                step.after,
                step.at,
            )
    assert load_of(wu) == len(HELD)
    assert {event.kind for event in make.events()} <= {f"ticket.{kind}" for kind in past.KINDS.values()}


TURNS = (
    Turns(), Turns(dispatched=True), Turns(urged=2), Turns(hold_class="customer", hold_hours=5, hold_reason="weather"),
    Turns(failed="absent"), Turns(sent_back="still_broken"), Turns(missed=2), Turns(missed=3, silent=True),
    Turns(dispatched=True, hold_class="material", hold_hours=1, sent_back="came_back", urged=1, missed=1),
)  # fmt: skip


@pytest.mark.parametrize("turns", TURNS, ids=str)
def test_what_did_not_go_straight_replays_too(
    lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor, turns: Turns
) -> None:
    [ticket] = past.write_past([replace(one_of_the_past(State.CLOSED, wu, lin, cai), turns=turns)])
    found, steps = now_of(ticket), selectors.history(ticket)
    assert replay(steps) == (found.status, found.version) == ("closed", len(steps))
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert not Assignment.objects.filter(ticket=ticket, ended_at=None).exists() and load_of(wu) == 0
    assert (found.accept_mode, found.close_code) == (
        "dispatch" if turns.dispatched else "grab", "not_done" if turns.failed else "done",
    )  # fmt: skip
    assert (found.reopen_count, found.urge_count, found.unreached_count, found.satisfaction) == (
        bool(turns.sent_back), turns.urged, turns.missed, None if turns.silent else 4,
    )  # fmt: skip
    [fact] = facts_of([ticket.public_id])
    assert {name: fact.measures.get(name, 0) for name in ("reopened", "held", "urged", "dispatched", "calls")} == {
        "reopened": bool(turns.sent_back), "held": bool(turns.hold_class), "urged": bool(turns.urged),
        "dispatched": turns.dispatched,
        "calls": turns.missed + (not turns.silent) + bool(turns.sent_back),
    }  # fmt: skip


def test_what_was_late_has_its_breach_and_what_came_again_its_first(
    lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor
) -> None:
    first = replace(one_of_the_past(State.CLOSED, wu, lin, cai), late=1.5)
    again = replace(first, late=0.0, reported_at=first.reported_at + timedelta(days=9), repeats=first)
    late, second = past.write_past([first, again])
    [breach] = Breach.objects.all()
    assert breach.ticket_id == late.pk and late.was_overdue and not second.was_overdue
    assert breach.ended_at == late.finished_at and late.finished_at - late.reported_at == 1.5 * (
        breach.due_at - late.reported_at
    )
    one, other = facts_of([late.public_id, second.public_id])
    assert (one.measures["late"], one.measures.get("on_time", 0), one.measures.get("fixed_first", 0)) == (1, 0, 0)
    assert (other.measures["on_time"], other.measures["repeats"]) == (1, 1)


def test_nothing_of_the_past_lies_ahead(lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor) -> None:
    """A long way to a far grid must not end tomorrow."""
    long = replace(
        one_of_the_past(State.CLOSED, wu, lin, cai), reported_at=clock.now() - timedelta(hours=9), steps=(0, *[300] * 4)
    )
    [ticket] = past.write_past([long])
    assert ticket.closed_at is not None and ticket.closed_at <= clock.now()
    assert all(step.at <= clock.now() for step in selectors.history(ticket))


def test_a_ticket_of_the_past_goes_on_like_any_other(lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor) -> None:
    [ticket] = past.write_past([one_of_the_past(State.IN_PROGRESS, wu, lin, cai)])
    do("complete", ticket.public_id)
    do("callback_ok", ticket.public_id)
    assert replay(selectors.history(ticket)) == ("closed", 6) and load_of(wu) == 0


def test_the_business_day_of_an_event_turns_in_shanghai(lotus_db: Branch, wu: Actor, lin: Actor, cai: Actor) -> None:
    past.write_past([one_of_the_past(State.CLOSED, wu, lin, cai)])
    assert [event.facts["day"] for event in make.events()] == ["2026-06-30"] + ["2026-07-01"] * 4
