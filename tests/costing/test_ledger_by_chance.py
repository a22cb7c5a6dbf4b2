"""Tickets by chance: whatever happens to them, the ledger converges to their truth; replayed events change nothing.

Beside the ledger stands what each ticket should have: something provisional while it waits for its callback, one
earning when it closes, nothing more when it comes back, nothing at all when it turns out void.
"""

import os
import random
from collections import Counter
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.costing.models import WorkPointEntry
from apps.costing.rules.ledger_rules import SLOTS, Due, Said, missing, stage_of
from apps.people.models import Technician
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import actions_from
from steppe.kernel import clock
from steppe.kernel.errors import DomainError
from tests import make
from tests.cast import Branch
from tests.costing.ledger import MARCH, book_again, follow, stands, waits, with_helper
from tests.tickets.steps import do

EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES") or 6)
STEPS = 20
NONE = Decimal(0)
DONE: Counter[str] = Counter()
# How often each step is tried, of those that are possible.
LIFE = {
    "grab": 12, "check_in": 12, "complete": 12, "fail_work": 2, "callback_ok": 8, "callback_reject": 4, "reopen": 4,
    "void": 1, "cancel": 1, "merge": 1, "start_remote": 2, "reassign": 2, "link_incident": 1,
}  # fmt: skip


def lives(branch: Branch) -> type[RuleBasedStateMachine]:
    class Lives(RuleBasedStateMachine):
        @initialize()
        def morning(self) -> None:
            self.here = transaction.savepoint()
            self.still = clock.frozen(MARCH)
            self.still.__enter__()
            Technician.objects.update(cap=50)
            self.tickets = [make.make_ticket(contact_phone=f"1390000{n:04d}") for n in range(3)]
            self.earned: dict[int, Decimal] = {}

        def teardown(self) -> None:
            if hasattr(self, "here"):
                self.still.__exit__(None, None, None)
                transaction.savepoint_rollback(self.here)

        @rule(seed=st.integers(0, 2**32))
        def something_happens(self, seed: int) -> None:
            chance = random.Random(seed)
            ticket = Ticket.objects.get(pk=chance.choice(self.tickets).pk)
            legal = [one for one in LIFE if one in actions_from(ticket.status)]
            if not legal:
                return
            [action] = chance.choices(legal, [LIFE[one] for one in legal])
            try:
                self.take(action, ticket, chance)
                DONE[action] += 1
            except DomainError as refusal:
                DONE["refused " + refusal.code] += 1
            if chance.random() < 0.7:  # otherwise several events wait for the relay
                follow()

        def take(self, action: str, ticket: Ticket, chance: random.Random) -> None:
            holder = ticket.technician.user.username if ticket.technician else chance.choice(["wu", "bo"])
            if action == "complete" and chance.random() < 0.4 and ticket.assignments.filter(ended_at=None).count() == 1:
                with_helper(ticket, {"wu": "bo"}.get(holder, "wu"), chance.randrange(1, 99), main=holder)
            if action == "grab":
                make.grab(ticket.public_id, holder)
            elif action in {"check_in", "complete"}:
                getattr(make, action)(ticket.public_id, holder)
            elif action in {"fail_work", "start_remote"} and holder != "wu":
                return
            else:
                do(action, ticket.public_id)

        @rule()
        def the_events_come_again(self) -> None:
            follow()
            before = WorkPointEntry.objects.count()
            assert book_again(*self.tickets) == 0
            assert WorkPointEntry.objects.count() == before
            DONE["replayed"] += 1

        @invariant()
        def the_ledger_says_what_the_tickets_say(self) -> None:
            if not hasattr(self, "tickets"):
                return
            follow()
            for ticket in Ticket.objects.filter(pk__in=[one.pk for one in self.tickets]):
                self.look_at(ticket)

        def look_at(self, ticket: Ticket) -> None:
            waiting, earned = sum(waits(ticket).values(), NONE), sum(stands(ticket).values(), NONE)
            assert earned >= 0 and waiting >= 0
            if ticket.status != "awaiting_callback":
                assert waiting == 0, f"{ticket.status} still waits for {waiting}"
            if ticket.status == "void":
                assert earned == 0
                return
            if ticket.pk in self.earned:
                assert earned == self.earned[ticket.pk], "earned once, it was changed by coming back"
            elif ticket.status in {"closed", "cancelled"}:
                if earned:
                    self.earned[ticket.pk] = earned
            else:
                assert earned == 0, f"{ticket.status} has earned {earned}"

    return Lives


def test_the_ledger_converges_whatever_happens(lotus_db: Branch) -> None:
    DONE.clear()
    run_state_machine_as_test(
        lives(lotus_db),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert {"complete", "callback_ok", "replayed"} <= set(DONE), DONE


def test_the_difference_is_enough_and_never_more() -> None:
    """Pure, by chance: what is appended brings every slot to what is due, and the second look appends nothing."""
    chance = random.Random(7)
    for _ in range(400):
        said, status, round_ = _history(chance), chance.choice(["awaiting_callback", "closed", "pooled", "void"]), 0
        due = [] if status == "void" else [
            Due(who, slot, "earn", Decimal(chance.randrange(1, 900)) / 100)
            for who in (1, 2) for slot in SLOTS if chance.random() < 0.4
        ]  # fmt: skip
        stage = stage_of(status, round_, said)
        more = missing(due, stage, said)
        after = [*said, *(_as_said(one, len(said) + n) for n, one in enumerate(more))]
        assert missing(due, stage, after) == []
        wanted = {one.of: one.points for one in due}
        for slot in {one.of for one in after} | set(wanted):
            told = sum((one.points for one in after if one.of == slot and one.stage == "provisional"), NONE)
            assert told == (wanted.get(slot, NONE) if stage == "provisional" else NONE)
            if stage == "earned":
                assert sum((x.points for x in after if x.of == slot and x.stage == "earned"), NONE) == wanted.get(
                    slot, NONE
                )


def _history(chance: random.Random) -> list[Said]:
    stages = ["provisional"] * 2 + ["earned"]
    return [
        Said(n, chance.choice([1, 2]), chance.choice(SLOTS), "earn", chance.choice(stages), _some(chance))
        for n in range(chance.randrange(0, 5))
    ]  # fmt: skip


def _some(chance: random.Random) -> Decimal:
    return Decimal(chance.randrange(1, 500)) / 100


def _as_said(one: object, number: int) -> Said:
    return Said(1000 + number, one.technician_id, one.slot, one.kind, one.stage, one.points)  # type: ignore[attr-defined]
