"""A ticket's life by chance: a hundred small decisions, and the pure table says beforehand what each must bring."""

import os
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.people.models import Technician
from apps.tickets.models import Assignment, TicketEvent
from apps.tickets.rules.workflow import FINAL, HELD, TRANSITIONS, State
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.steps import do, now_of, shown

CREW = ("wu", "bo")
OWN = {"confirm", "decline", "check_in", "complete", "fail_work"}
# The steps that move one ticket by itself; requests, children and incidents have tests of their own.
LIFE = (
    "release", "place", "grab", "dispatch", "confirm", "decline", "reassign", "check_in", "complete", "fail_work",
    "callback_ok", "callback_reject", "cancel", "void",
)  # fmt: skip
ENDS = {"void", "cancel"}
REOPENINGS = 3
EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES") or 15)  # the nightly run asks for more


@dataclass
class Model:
    """What we believe of one ticket, from the table alone."""

    state: State = State.POOLED
    holder: str = ""
    version: int = 1
    reopened: int = 0
    must_confirm: bool = True
    placed: bool = True
    resting: set[str] = field(default_factory=set)  # who declined it: not theirs for a day
    loads: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CREW, 0))

    def allows(self, action: str, who: str, to: str) -> bool:
        if action == "grab" and self.state == State.ACCEPTED and self.holder == who:
            return True  # a second tap
        if action == "grab" and who in self.resting:
            return False
        if self.state not in TRANSITIONS[action].sources or (action in OWN and who != self.holder):
            return False
        if action == "place":
            return not self.placed
        return not (action == "reassign" and to == self.holder)

    def take(self, action: str, who: str, to: str) -> None:
        if action == "grab" and self.holder == who:
            return
        self.version += 1
        self.reopened += action == "callback_reject"
        self.placed |= action == "place"
        if action in {"dispatch", "reassign"}:
            self.state, self.holder = (State.ASSIGNED if self.must_confirm else State.ACCEPTED), to
        elif action == "grab":
            self.state, self.holder = State.ACCEPTED, who
        elif action == "decline":
            self.resting.add(self.holder)
            self.state, self.holder = State.POOLED, ""
        elif action == "callback_reject":
            too_often = self.reopened > REOPENINGS  # then nobody's, and the dispatcher decides
            self.state, self.holder = (State.POOLED, "") if too_often else (State.ACCEPTED, self.holder)
        elif action in {"complete", "fail_work"}:
            self.state = State.AWAITING_CALLBACK
        else:
            [self.state] = TRANSITIONS[action].targets


def life_of_a_ticket(branch: Branch) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        @initialize(placed=st.booleans())
        def open(self, placed: bool) -> None:
            branch.tenant.policy = {"technician_cap": 3, "decline_quota": 99}
            Technician.objects.update(open_count=0)
            self.model = Model(state=State.POOLED if placed else State.SUBMITTED, placed=placed)
            self.ticket = make_ticket(status=self.model.state)
            if not placed:  # within everybody's reach
                type(self.ticket).objects.filter(id=self.ticket.pk).update(org_path=make_path())
            self.last: tuple[Any, ...] | None = None

        @rule(action=st.sampled_from(LIFE), who=st.sampled_from(CREW), to=st.sampled_from(CREW))
        def step(self, action: str, who: str, to: str) -> None:
            """Any step by anybody, sensible or not."""
            self.try_it(action, who, to)

        @precondition(lambda self: self.model.state not in FINAL)
        @rule(data=st.data(), to=st.sampled_from(CREW))
        def sensible_step(self, data: st.DataObject, to: str) -> None:
            """Only what the table allows: long lives, not only refusals."""
            allowed = [action for action in LIFE if action not in ENDS and self.model.allows(action, self.me(), to)]
            self.try_it(data.draw(st.sampled_from(allowed or ["cancel"])), self.me(), to)

        @rule(confirm=st.booleans())
        def the_branch_changes_its_mind(self, confirm: bool) -> None:
            self.model.must_confirm = confirm
            branch.tenant.policy = {"technician_cap": 3, "dispatch_needs_confirm": confirm, "decline_quota": 99}

        @precondition(lambda self: self.last is not None)
        @rule()
        def the_network_sends_it_again(self) -> None:
            action, key, more, receipt = self.last  # type: ignore[misc]
            again = do(action, self.ticket.public_id, key=key, **more)
            assert again.replayed and again.version == receipt.version

        def me(self) -> str:
            return self.model.holder or "wu"

        def try_it(self, action: str, who: str, to: str) -> None:
            more: dict[str, Any] = {"to": to} if action in {"dispatch", "reassign"} else {}
            if action in OWN or action == "grab":
                more["by"] = make.actor(who)
            if action == "fail_work":
                more["photos"] = shown(who)
            expected, key = self.model.allows(action, who, to), make.key()
            try:
                receipt: Receipt | None = do(action, self.ticket.public_id, key=key, **more)
            except DomainError:
                receipt = None
            assert (receipt is not None) == expected, (action, who, to, self.model)
            if receipt is not None:
                self.model.take(action, who, to)
                self.last = (action, key, more, receipt)

        @invariant()
        def the_database_agrees(self) -> None:
            found, model = now_of(self.ticket), self.model
            names = dict(Technician.objects.values_list("id", "user__username"))
            assert (found.status, found.version, found.reopen_count) == (model.state, model.version, model.reopened)
            assert names.get(found.technician_id or 0, "") == model.holder
            working = [model.holder] if model.state in HELD else []
            active = Assignment.objects.filter(ticket=found, ended_at=None)
            assert [names[one.technician_id] for one in active] == working
            loads = dict(Technician.objects.values_list("user__username", "open_count"))
            assert {name: loads[name] for name in CREW} == {name: int(name in working) for name in CREW}
            assert TicketEvent.objects.filter(ticket=found).count() == model.version

    return Life


def make_path() -> str:
    from apps.people.models import OrgUnit

    return OrgUnit.objects.get(code="E1").path


def test_whatever_happens_the_table_was_right(lotus_db: Branch) -> None:
    small = settings(
        max_examples=EXAMPLES, stateful_step_count=20, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a red run tells its steps at once; making them fewer takes minutes
    )  # fmt: skip
    run_state_machine_as_test(life_of_a_ticket(lotus_db), settings=small)
