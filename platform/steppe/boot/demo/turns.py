"""What did not go well in the demo's past: late, on hold, failed, sent back, unreached, and the same fault again.

Drawn from a stream of its own, so that who and where of the story stay as they were; the same on every machine.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from apps.tickets.past import Past
from apps.tickets.past_roads import Turns
from apps.tickets.rules.workflow import State
from steppe.boot.demo.places import Branch

# Of a hundred closed tickets, by area class: done too late.
LATE = {"A": 4, "B": 6, "C": 10, "D": 15}
# Of a hundred closed tickets, in a branch where as much goes wrong as usual.
DISPATCHED, HELD, FAILED, SENT_BACK, URGED, MISSED, SILENT, UNHAPPY, AGAIN = 18, 6, 2, 4, 6, 9, 4, 3, 6
HOLDS = (
    ("customer", "customer_wish"), ("customer", "not_at_home"), ("material", "no_part"),
    ("third_party", "waits_for_others"), ("internal", "waits_for_others"), ("force_majeure", "weather"),
)  # fmt: skip
WHY_FAILED = ("absent", "no_resource", "refused")
WHY_BACK = ("still_broken", "came_back", "half_done")
SETTLED = timedelta(days=6)  # younger tickets have had no time to be late
SOONEST, LATEST = timedelta(days=4), timedelta(days=26)  # between two reports of one fault
URGENT = 1


class Fate:
    """Decides for one branch."""

    def __init__(self, branch: Branch, now: datetime) -> None:
        self.branch, self.now, self.random = branch, now, Random(f"fate {branch.slug}")

    def of_all(self, drawn: Iterable[Past]) -> Iterator[Past]:
        """All of them in the order of their reports, so that who repeats comes after who is repeated."""
        told = [self._turned(one) for one in sorted(drawn, key=lambda one: one.reported_at)]
        yield from self._repeated(told)

    def _turned(self, past: Past) -> Past:
        if past.state != State.CLOSED:
            return past
        turns, score, late = self._turns(past), past.score, 0.0
        if past.reported_at < self.now - SETTLED and self._happens(LATE[past.grid.area_class]):
            late, score = self.random.uniform(1.05, 1.6), min(score or 4, self.random.choice([2, 3, 4, 4]))
        if turns.sent_back or turns.failed or self._happens(UNHAPPY):
            score = self.random.choice([1, 2, 3, 4])
        complaint = "late" if late else "not_fixed" if turns.sent_back else "attitude"
        return replace(past, turns=turns, late=late, score=score, complaint=complaint if (score or 5) < 3 else "")

    def _turns(self, past: Past) -> Turns:
        chance, settled = self.random, past.reported_at < self.now - SETTLED
        hold, why = chance.choice(HOLDS) if settled and self._happens(HELD) else ("", "")
        failed = chance.choice(WHY_FAILED) if self._happens(FAILED) else ""
        back = chance.choice(WHY_BACK) if settled and not failed and self._happens(SENT_BACK) else ""
        silent = self._happens(SILENT)
        return Turns(
            dispatched=chance.random() * 100 < DISPATCHED, hold_class=hold, hold_reason=why,
            hold_hours=chance.uniform(2, 30), failed=failed, sent_back=back, urged=chance.choice([1, 1, 2]) if self._happens(URGED) else 0,
            missed=3 if silent else chance.choice([1, 1, 2]) if self._happens(MISSED) else 0, silent=silent,
        )  # fmt: skip

    def _repeated(self, told: Sequence[Past]) -> Iterator[Past]:
        """Now and then a later fault is the same customer's once more."""
        again: dict[int, Past] = {}
        for place, one in enumerate(told):
            one = again.get(place, one)
            if self._comes_again(one) and (later := self._later(told, place, again)):
                again[later] = _same(told[later], one)
            yield one

    def _comes_again(self, one: Past) -> bool:
        """Done at once and well, as everybody thought."""
        mended = one.type.kind == "trouble" and one.state == State.CLOSED and not (one.turns.failed or one.late)
        return mended and one.repeats is None and self._happens(AGAIN)

    def _later(self, told: Sequence[Past], place: int, again: dict[int, Past]) -> int | None:
        """The fault that becomes the second visit; none where the first was reported too lately."""
        start = told[place].reported_at
        fitting = [
            other for other in range(place + 1, len(told))
            if SOONEST < told[other].reported_at - start < LATEST and other not in again
            and told[other].type.kind == "trouble" and told[other].state == State.CLOSED
        ]  # fmt: skip
        return self.random.choice(fitting) if fitting else None

    def _happens(self, percent: float) -> bool:
        return self.random.random() * 100 < percent * self.branch.trouble


def _same(later: Past, first: Past) -> Past:
    """The second visit: what is the customer's and the place's as the first time, the rest as drawn."""
    return replace(
        later, type=first.type, grid=first.grid, address=first.address, coarse=first.coarse, name=first.name,
        phone=first.phone, customer_id=first.customer_id, lat=first.lat, lng=first.lng, priority=URGENT,
        description=first.description, technician_id=first.technician_id, actors=first.actors, repeats=first,
        helper_id=None, fees=first.fees,
    )  # fmt: skip
