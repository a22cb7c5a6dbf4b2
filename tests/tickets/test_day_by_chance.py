"""A branch's day by chance: anybody does anything to several tickets, time passes, and after each step the books agree.

Checked after every step (reliability.md §4): one active main assignee and counters equal to a recount; every stored due
equal to the one recomputed from the history; the history's end equal to the row; a dense stream; and an old list plus
the events since equal to a fresh list.
"""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.people.models import Technician
from apps.tickets import selectors
from apps.tickets.models import Assignment, ClockNotice, Ticket, TicketEvent
from apps.tickets.permissions import OWN, OWN_TOO
from apps.tickets.rules.clocks import Step, Terms, replay
from apps.tickets.rules.workflow import HELD, TRANSITIONS, actions_from
from apps.tickets.services import _clocks as book
from apps.tickets.services import (
    sweep_bonuses,
    sweep_clocks,
    sweep_hoarded,
    sweep_holds,
    sweep_silence,
    sweep_waves,
)
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from steppe.kernel.journal import stream
from tests import make
from tests.cast import PEOPLE, Branch
from tests.make import make_ticket
from tests.tickets.steps import STEPS, do, who_does

EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES") or 10)  # the nightly run asks for more
STEPS_A_DAY = 25
MORNING = datetime(2026, 11, 24, 9, tzinfo=clock.BUSINESS_ZONE)
STAFF = sorted(username for username, *_ in PEOPLE if username not in {"ex"})
# How a ticket ends comes seldom, so that days are long.
SELDOM = {"void", "cancel", "merge", "hand_over", "archive", "transfer", "spawn_child", "resolve_incident"}
DICE = (14, 2, 3, 1)  # what comes next, anything, time, a report
MOST = 6
SWEEPS = (sweep_holds, sweep_clocks, sweep_hoarded, sweep_waves, sweep_bonuses, sweep_silence)
DONE: Counter[str] = Counter()


def day_of_a_branch(branch: Branch) -> type[RuleBasedStateMachine]:
    class Day(RuleBasedStateMachine):
        @initialize(lost=st.booleans(), confirm=st.booleans())
        def morning(self, lost: bool, confirm: bool) -> None:
            self.here, self.at = transaction.savepoint(), MORNING
            branch.tenant.policy = {"dispatch_needs_confirm": confirm, "service": [480, 1200]}
            with clock.frozen(self.at):
                self.tickets = [make_ticket(status=status) for status in ("pooled", "pooled", "accepted")]
                if lost:
                    self.tickets.append(make_ticket(status="submitted"))
            stream.number_committed()
            self.lin, self.head = make.actor("lin"), stream.head().seq
            self.list = fresh_list(self.lin)

        def teardown(self) -> None:
            if hasattr(self, "here"):
                transaction.savepoint_rollback(self.here)

        @rule(seed=st.integers(0, 2**32))
        def something_happens(self, seed: int) -> None:
            chance = random.Random(seed)
            [what] = chance.choices([self.what_comes_next, self.anything, self.time_passes, self.a_report], DICE)
            what(chance)

        def what_comes_next(self, chance: random.Random) -> None:
            """Somebody who may does what the table offers; mostly what moves the ticket on."""
            ticket = self.any_ticket(chance)
            possible = [one for one in actions_from(ticket.status) if one not in SELDOM or chance.random() < 0.1]
            moving = [one for one in possible if not TRANSITIONS[one].stays]
            action = chance.choice((moving if chance.random() < 0.7 else possible) or actions_from(ticket.status))
            self.attempt(action, ticket, doer(action, ticket, chance))

        def anything(self, chance: random.Random) -> None:
            """Anybody tries anything."""
            self.attempt(chance.choice(sorted(STEPS)), self.any_ticket(chance), make.actor(chance.choice(STAFF)))

        def time_passes(self, chance: random.Random) -> None:
            self.at += timedelta(minutes=chance.choice([5, 20, 45, 120, 600, 2000]))
            self.within(lambda: [sweep() for sweep in SWEEPS])

        def a_report(self, chance: random.Random) -> None:
            if len(self.tickets) < MOST:
                phone = f"1390000{chance.randrange(10**4):04}"
                self.within(lambda: self.tickets.append(make_ticket(contact_phone=phone)))

        def attempt(self, action: str, ticket: Ticket, by: Actor | None) -> None:
            def work() -> None:
                if action in NEEDS_ASKING:
                    STEPS[action].before(ticket)
                do(action, ticket.public_id, **({"by": by} if by else {}))
                DONE[action] += 1

            self.within(work)

        def within(self, work: Callable[[], object]) -> None:
            with clock.frozen(self.at):
                try:
                    work()
                except (DomainError, AssertionError) as refusal:
                    DONE["refused " + getattr(refusal, "code", "off")] += 1
                    if isinstance(refusal, AssertionError) and not isinstance(refusal, make.SwitchedOff):
                        raise
            self.at += timedelta(seconds=1)

        def any_ticket(self, chance: random.Random) -> Ticket:
            return Ticket.objects.select_related("type").get(pk=chance.choice(self.tickets).pk)

        @invariant()
        def each_count_is_the_number_of_tickets_in_the_hands(self) -> None:
            counted = Counter(dict(Technician.objects.values_list("id", "open_count")))
            held = Counter(Ticket.objects.filter(status__in=HELD).values_list("technician_id", flat=True))
            given = Assignment.objects.filter(ended_at=None, role="main").values_list("technician_id", flat=True)
            assert +counted == held == Counter(given)

        @invariant()
        def every_due_is_what_the_history_says(self) -> None:
            if not hasattr(self, "at"):
                return
            calendar, past, told = book.service_calendar(), histories(), notices()
            with clock.frozen(self.at):
                for ticket in Ticket.objects.select_related("type_version"):
                    steps = [Step(*row[3:]) for row in past[ticket.pk]]
                    runs = replay(steps, calendar, Terms.read(ticket.terms))
                    columns = book.columns_of(ticket, runs, calendar, told[ticket.pk])
                    stored = {name: getattr(ticket, name) for name in columns}
                    del stored["overdue_clocks"], columns["overdue_clocks"]
                    check_waking(stored.pop("next_clock_at"), columns.pop("next_clock_at"))
                    assert stored == columns, f"{ticket.ticket_no} {steps_of(ticket)}"

        @invariant()
        def the_history_ends_where_the_ticket_is(self) -> None:
            past = histories()
            for ticket in Ticket.objects.all():
                steps = [row[1:3] for row in past[ticket.pk]]
                assert [version for version, _ in steps] == list(range(1, ticket.version + 1)), steps_of(ticket)
                assert steps[-1] == (ticket.version, ticket.status)

        @invariant()
        def an_old_list_and_the_events_since_are_a_fresh_list(self) -> None:
            if not hasattr(self, "list"):
                return
            stream.number_committed()
            events = stream.events_after(self.head, limit=1000)
            assert [event.seq for event in events] == list(range(self.head + 1, self.head + 1 + len(events)))
            self.head += len(events)
            named = {event.public_id for event in events if event.entity == "ticket"}
            for name in named:
                self.list.pop(name, None)
            rows = [view.ticket for view in selectors.rows_by_id(self.lin, sorted(named))]
            self.list |= {one.public_id: row_of(one) for one in rows}
            assert self.list == fresh_list(self.lin)

    return Day


def histories() -> dict[int, list[tuple[Any, ...]]]:
    """By ticket: (ticket, version, after) and then what the clocks read of each step. One query."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = ("ticket_id", "version", "after", "action", "before", "after", "at", "data")
    for row in TicketEvent.objects.order_by("version").values_list(*columns):
        found[row[0]].append(row)
    return found


def notices() -> dict[int, dict[tuple[str, int, str], datetime]]:
    """By ticket: which levels were told, and when. One query."""
    found: dict[int, dict[tuple[str, int, str], datetime]] = defaultdict(dict)
    for ticket, *level, at in ClockNotice.objects.values_list("ticket_id", "clock", "run", "level", "at"):
        found[ticket][tuple(level)] = at  # type: ignore[index]
    return found


def check_waking(stored: datetime | None, wanted: datetime | None) -> None:
    """The sweeper may look too early (the grab does not read the history), never too late."""
    assert wanted is None or (stored is not None and stored <= wanted), (stored, wanted)


NEEDS_ASKING = {"transfer", "let_go", "return", "hold", "refuse", "withdraw"}


def doer(action: str, ticket: Ticket, chance: random.Random) -> Actor | None:
    """Mostly whoever fits: the holder for the own work, any technician for the pool, else who usually does it."""
    if chance.random() < 0.1:
        return make.actor(chance.choice(STAFF))
    if action in OWN | OWN_TOO and ticket.technician is not None:
        return make.actor(ticket.technician.user.username)
    return make.actor(chance.choice(["wu", "bo"])) if action == "grab" else who_does(action)


def row_of(ticket: Ticket) -> tuple[Any, ...]:
    return (ticket.version, ticket.status, ticket.technician_id, ticket.due_at, tuple(ticket.overdue_clocks))


def fresh_list(actor: Actor) -> dict[str, tuple[Any, ...]]:
    return {ticket.public_id: row_of(ticket) for ticket in selectors.visible_tickets(actor)}


def steps_of(ticket: Ticket) -> list[tuple[Any, ...]]:
    rows = TicketEvent.objects.filter(ticket=ticket).order_by("version")
    return list(rows.values_list("version", "action", "before", "after", "at"))


def test_whatever_happens_on_a_day_the_books_agree(lotus_db: Branch) -> None:
    small = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS_A_DAY, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a red run tells its steps at once; making them fewer takes minutes
    )  # fmt: skip
    DONE.clear()
    run_state_machine_as_test(day_of_a_branch(lotus_db), settings=small)
    assert len(DONE) > 10 and sum(DONE.values()) > 3 * EXAMPLES, DONE
