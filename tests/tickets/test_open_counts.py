"""Whatever people do, and however many at once: each technician's count is the number of tickets in their hands."""

import random
from collections import Counter
from typing import Any

import pytest

from apps.people import services as people
from apps.people.models import Technician
from apps.tickets.models import Assignment, Ticket
from apps.tickets.permissions import OWN, OWN_TOO
from apps.tickets.rules.workflow import HELD, TRANSITIONS, actions_from
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import key, make_ticket
from tests.rules import together
from tests.tickets.steps import STEPS, do, load_of

CREW = ("wu", "bo", "xi", "yun")
TICKETS = 8
ANY = sorted(set(STEPS) - {"request_reassign"})
# Too soon over; or where nobody of the crew works.
ENDS = {"void", "callback_ok", "cancel", "merge", "hand_over", "archive", "resolve_incident", "transfer"}


def reconcile() -> None:
    """Three books that must agree: the count at the person, the tickets' holders, the assignments."""
    counted = Counter(dict(Technician.objects.values_list("id", "open_count")))
    held = Counter(Ticket.objects.filter(status__in=HELD).values_list("technician_id", flat=True))
    given = Counter(Assignment.objects.filter(ended_at=None, role="main").values_list("technician_id", flat=True))
    assert +counted == held == given


class Chance:
    """Decides by a seed of its own: mostly what is possible now, sometimes anything."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.crew = {name: make.actor(name) for name in CREW}
        self.tickets = list(Ticket.objects.order_by("id").values_list("public_id", flat=True))
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        try:
            what = self.dice.choices((self._work, self._duty, self._account), (20, 3, 1))[0]()
        except (DomainError, make.SwitchedOff):
            return
        self.done[what] += 1

    def _work(self) -> str:
        ticket = Ticket.objects.get(public_id=self.dice.choice(self.tickets))
        possible = [action for action in actions_from(ticket.status) if action not in ENDS]
        moving = [action for action in possible if not TRANSITIONS[action].stays]
        chance = self.dice.random()
        action = self.dice.choice((moving if chance < 0.8 else possible if chance < 0.95 else ANY) or ANY)
        somebody = self.dice.choice(list(self.crew.values()))
        by = next((one for one in self.crew.values() if one.technician_id == ticket.technician_id), somebody)
        mine = OWN | OWN_TOO
        more: dict[str, Any] = {"by": by if action in mine else somebody} if action in mine | {"grab"} else {}
        if action in {"dispatch", "reassign"}:  # also to who has left
            more["technician_id"] = self.dice.choice(list(self.crew.values())).technician_id
        if action in {"return", "hold", "transfer"} and ticket.technician_id:
            STEPS[action].before(ticket)
        do(action, ticket.public_id, **more)
        return action

    def _duty(self) -> str:
        """Off duty with tickets in hand: they stay, and stay counted."""
        on = self.dice.random() < 0.7
        people.set_duty(on_duty=on, by=self.dice.choice(list(self.crew.values())), key=key())
        return "duty"

    def _account(self) -> str:
        """Somebody leaves, or comes back; nobody waits in the meantime for what they hold."""
        who: Actor = self.dice.choice(list(self.crew.values()))
        people.set_active(user_id=who.id or 0, active=self.dice.random() < 0.7)
        return "account"


@pytest.mark.parametrize("seed", range(3))
def test_after_every_step_of_a_random_history_the_counts_agree(lotus_db: Branch, seed: int) -> None:
    for _ in range(TICKETS):
        make_ticket()
    chance = Chance(seed)
    for _ in range(260):
        chance.step()
        reconcile()
    assert {"grab", "dispatch", "decline", "reassign", "complete", "callback_reject", "duty"} <= set(chance.done)
    assert sum(chance.done.values()) > 110  # more than refusals


def test_many_at_once_leave_the_counts_in_agreement(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        for _ in range(TICKETS):
            make_ticket()
        hands = [Chance(seed) for seed in range(6)]
        answers = together(lotus, [lambda one=one: [one.step() for _ in range(40)] for one in hands])  # type: ignore[misc]
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        reconcile()
        assert sum(sum(one.done.values()) for one in hands) > 60


def test_two_who_finish_and_hand_back_at_once_are_both_counted_down(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        finished = [make_ticket(status="in_progress", to=name).public_id for name in ("wu", "bo")]
        returned = [make_ticket(status="assigned", to=name).public_id for name in ("wu", "bo")]
        wu, bo = make.actor("wu"), make.actor("bo")
        works = [
            *(lambda t=t, by=by: do("complete", t, by=by) for t, by in zip(finished, (wu, bo), strict=True)),
            *(lambda t=t, by=by: do("decline", t, by=by) for t, by in zip(returned, (wu, bo), strict=True)),
        ]
        answers = together(lotus, works)
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        assert (load_of(wu), load_of(bo)) == (0, 0)
        reconcile()


def test_off_duty_one_keeps_and_may_finish_what_one_holds(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    people.set_duty(on_duty=False, by=wu, key=key())
    assert load_of(wu) == 1
    do("complete", ticket.public_id)
    assert load_of(wu) == 0
    reconcile()
