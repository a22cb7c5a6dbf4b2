"""Two branches' days by chance, heard of late, twice, in any order and by workers that die: the figures are always what
the tickets say, and headquarters' KPIs are those of its branches together.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from apps.headquarters import reports_read
from apps.headquarters.reports_read import KPIS, Asked
from apps.headquarters.rules.contributions import Sums
from apps.headquarters.rules.kpis import figure
from apps.headquarters.services import converge, facts
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import TRANSITIONS, actions_from
from apps.tickets.services import sweep_clocks, sweep_holds, sweep_silence
from steppe.kernel import clock
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.headquarters.facts import bring, counted, straight, totals
from tests.make import events, make_ticket
from tests.tickets.steps import STEPS, do

EXAMPLES = int(os.environ.get("STEPPE_EXAMPLES") or 6)  # the nightly run asks for more
STEPS_A_LIFE = 25
MORNING = datetime(2026, 11, 24, 9, tzinfo=clock.BUSINESS_ZONE)
PERIOD = Asked(first=MORNING.date() - timedelta(days=30), last=MORNING.date() + timedelta(days=300))
NEEDS_ASKING = {"transfer", "let_go", "return", "hold", "refuse", "withdraw"}
SELDOM = {"void", "cancel", "merge", "hand_over", "archive", "transfer", "resolve_incident"}
MOST = 8
DAILY = tuple(code for code, kpi in KPIS.items() if kpi.source == "daily" and "customers" not in kpi.measures)
DONE: Counter[str] = Counter()


class Killed(RuntimeError):
    """A worker died here."""


def lives(branches: tuple[Branch, Branch], headquarters: Branch) -> type[RuleBasedStateMachine]:
    class Lives(RuleBasedStateMachine):
        @initialize()
        def morning(self) -> None:
            self.here, self.at = transaction.savepoint(), MORNING
            for branch in branches:
                self.within(branch, lambda: [make_ticket(status=one) for one in ("pooled", "accepted", "closed")])

        def teardown(self) -> None:
            if hasattr(self, "here"):
                self.all_agrees(random.Random(), branches[0])
                transaction.savepoint_rollback(self.here)

        @rule(seed=st.integers(0, 2**32))
        def something_happens(self, seed: int) -> None:
            chance = random.Random(seed)
            works = [self.a_step, self.time_passes, self.a_report, self.heard, self.all_agrees]
            [work] = chance.choices(works, (14, 3, 3, 6, 1))
            work(chance, chance.choice(branches))

        def a_step(self, chance: random.Random, branch: Branch) -> None:
            with in_branch(branch.tenant):
                ticket = chance.choice(list(Ticket.objects.order_by("id")))
            possible = [one for one in actions_from(ticket.status) if one not in SELDOM or chance.random() < 0.2]
            moving = [one for one in possible if not TRANSITIONS[one].stays]
            action = chance.choice((moving if chance.random() < 0.7 else possible) or actions_from(ticket.status))

            def step() -> None:
                if action in NEEDS_ASKING:
                    STEPS[action].before(ticket)
                holder = make.actor(ticket.technician.user.username) if ticket.technician else None
                own = holder if STEPS[action].who == "wu" else None
                do(action, ticket.public_id, **({"by": own} if own else {}))
                DONE[action] += 1

            self.within(branch, step)

        def time_passes(self, chance: random.Random, branch: Branch) -> None:
            self.at += timedelta(minutes=chance.choice([20, 120, 600, 2000, 9000]))
            for one in branches:
                self.within(one, lambda: [sweep() for sweep in (sweep_holds, sweep_clocks, sweep_silence)])

        def a_report(self, chance: random.Random, branch: Branch) -> None:
            """Sometimes again by the same account: then it may be a repeat."""
            told = {"account_no": f"A-{chance.randrange(2)}", "contact_phone": f"1390000{chance.randrange(10**4):04}"}
            kind = chance.choice(["fault_bb", "fault_tv", "complaint"])
            with in_branch(branch.tenant):
                few = Ticket.objects.count() < MOST
            if few:
                self.within(branch, lambda: make_ticket(type_code=kind, **told))

        def heard(self, chance: random.Random, branch: Branch) -> None:
            """Some of what was said arrives, in any order, some of it twice; a worker counts, or dies doing so."""
            with in_branch(branch.tenant):
                said = events()
                bring(chance.choices(said, k=min(len(said), 12)))
            if chance.random() < 0.3:
                self.die(branch)
            elif chance.random() < 0.7:
                converge(branch.tenant)

        def die(self, branch: Branch) -> None:
            real = facts._clean
            try:
                facts._clean = killed
                converge(branch.tenant)
            except Killed:
                DONE["killed"] += 1
            finally:
                facts._clean = real

        def within(self, branch: Branch, work: Callable[[], object]) -> None:
            with in_branch(branch.tenant), clock.frozen(self.at):
                try:
                    work()
                except (DomainError, make.SwitchedOff) as refusal:
                    DONE[f"refused {getattr(refusal, 'code', 'off')}"] += 1
            self.at += timedelta(seconds=1)

        def all_agrees(self, chance: random.Random, branch: Branch) -> None:
            with clock.frozen(self.at):
                right = {branch.tenant.code: straight(branch) for branch in branches}
                for branch in branches:
                    assert counted(branch, again=True) == right[branch.tenant.code]
                headquarters_agrees(headquarters, right)

    return Lives


def killed(*_: object) -> None:
    raise Killed


def headquarters_agrees(headquarters: Branch, right: dict[str, Sums]) -> None:
    """For every KPI: the branches' sums are headquarters', and both are what the tickets say."""
    lines = reports_read.by(headquarters.eye, PERIOD, "branch", DAILY)
    whole = reports_read.total(headquarters.eye, PERIOD, DAILY)
    together: Counter[str] = Counter()
    for line in lines:
        own = totals(right[line.key])
        together.update(own)
        assert line.figures == {code: figure(KPIS[code], own) for code in DAILY}
    assert whole.figures == {code: figure(KPIS[code], together) for code in DAILY}


def test_whatever_happens_the_figures_are_what_the_tickets_say(
    lotus_db: Branch, maple: Branch, headquarters: Branch
) -> None:
    small = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS_A_LIFE, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a red run tells its steps at once; making them fewer takes minutes
    )  # fmt: skip
    DONE.clear()
    run_state_machine_as_test(lives((lotus_db, maple), headquarters), settings=small)
    assert len(DONE) > 10 and DONE["killed"], DONE
