"""Two tickets, two technicians, any steps in any order: the services and a model of ten lines always agree (T4, T5)."""

import os
from collections import Counter
from itertools import pairwise
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.people.models import Technician
from apps.tickets.models import Assignment, Ticket, TicketEvent
from apps.tickets.workflow import HELD, may
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from steppe.kernel.journal.models import OutboxEvent
from tests import make
from tests.cast import Branch
from tests.tickets.steps import do

EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES", "8"))  # a night runs thousands
CAP = 1
REOPENED_AT_MOST = 3
TICKETS = st.integers(0, 1)
HANDS = st.sampled_from(["wu", "bo"])
OWN = ("confirm", "decline", "check_in", "complete")


class Life(RuleBasedStateMachine):
    """The model: a state, a holder and a count of returns for each ticket; the load is what follows."""

    @initialize()
    def open_two(self) -> None:
        self.savepoint = transaction.savepoint()
        Technician.objects.update(cap=CAP)
        self.hands: dict[str, Actor] = {name: make.actor(name) for name in ("wu", "bo")}
        self.tickets = [make.make_ticket(status=status) for status in ("pooled", "submitted")]
        Ticket.objects.update(org_path="/1/2/4/")  # a report without a place hangs at the root, out of their reach
        self.state = [ticket.status for ticket in self.tickets]
        self.holder: list[str | None] = [None, None]
        self.returns = [0, 0]

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    @rule(which=TICKETS, action=st.sampled_from(["release", "void", "callback_ok"]))
    def desk(self, which: int, action: str) -> None:
        self._step(which, action, allowed=True, holder=self.holder[which])

    @rule(which=TICKETS, hand=HANDS)
    def grab(self, which: int, hand: str) -> None:
        if self.state[which] == "accepted" and self.holder[which] == hand:
            return  # the winner's second tap: tests/tickets/test_double_tap.py
        self._step(which, "grab", allowed=self._load(hand) < CAP, holder=hand, by=self.hands[hand])

    @rule(which=TICKETS, hand=HANDS, action=st.sampled_from(["dispatch", "reassign"]))
    def give(self, which: int, hand: str, action: str) -> None:
        fits = action == "dispatch" or self.holder[which] != hand
        self._step(which, action, allowed=fits, holder=hand, to=hand)

    @rule(which=TICKETS, hand=HANDS, action=st.sampled_from(OWN))
    def work(self, which: int, hand: str, action: str) -> None:
        mine = self.holder[which] == hand
        holder = None if action == "decline" else self.holder[which]
        self._step(which, action, allowed=mine, holder=holder, by=self.hands[hand])

    @rule(which=TICKETS)
    def send_back(self, which: int) -> None:
        allowed = self.returns[which] < REOPENED_AT_MOST
        if self._step(which, "callback_reject", allowed=allowed, holder=self.holder[which]):
            self.returns[which] += 1

    def _step(self, which: int, action: str, *, allowed: bool, holder: str | None, **how: Any) -> bool:
        expected = allowed and may(action, self.state[which])
        events = OutboxEvent.objects.count()
        try:
            receipt = do(action, self.tickets[which].public_id, **how)
        except DomainError:
            assert not expected, f"{action} from {self.state[which]} was refused"
            assert OutboxEvent.objects.count() == events
            return False
        assert expected, f"{action} from {self.state[which]} was let through"
        self.state[which], self.holder[which] = receipt.facts["status"], holder
        return True

    def _load(self, hand: str) -> int:
        return sum(1 for state, holder in zip(self.state, self.holder, strict=True) if holder == hand and state in HELD)

    @invariant()
    def rows_agree_with_the_model(self) -> None:
        if not hasattr(self, "state"):
            return
        rows = [Ticket.objects.get(id=ticket.pk) for ticket in self.tickets]
        assert [row.status for row in rows] == self.state
        for hand, who in self.hands.items():
            assert Technician.objects.get(id=who.technician_id).open_count == self._load(hand)
        active = Counter(Assignment.objects.filter(ended_at=None).values_list("ticket_id", flat=True))
        assert active == Counter(row.pk for row in rows if row.status in HELD)

    @invariant()
    def the_history_replays_to_the_present(self) -> None:
        for ticket in getattr(self, "tickets", []):
            row = Ticket.objects.get(id=ticket.pk)
            steps = list(TicketEvent.objects.filter(ticket=ticket).order_by("version"))
            assert [step.version for step in steps] == list(range(1, row.version + 1))
            assert all(after.before == before.after for before, after in pairwise(steps))
            assert steps[-1].after == row.status


def test_any_life_of_two_tickets_follows_the_table(lotus_db: Branch) -> None:
    short = settings(
        max_examples=EXAMPLES,
        stateful_step_count=15,
        derandomize="STEPPE_EXAMPLES" not in os.environ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=short)
