"""Random people doing random things to random tickets, by the real commands; refusals are part of it."""

import random

from apps.tickets import services
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError
from tests import make

TECHNICIANS = ("wu", "bo", "xi")
PLACES = (
    {"address": "Birch Court 1"},
    {"address": "Willow Lane 1", "lat": None, "lng": None},
    {"address": "somewhere", "lat": None, "lng": None},
)


class RandomWork:
    """One worker with a seed of its own. Runs in the branch's context."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.people: dict[str, Actor] = {}
        self.done = 0

    def step(self) -> None:
        """Open a ticket, or do something to one; half of the tries are refused, as in life."""
        try:
            if self.dice.random() < 0.3:
                self._open()
            else:
                self._act()
            self.done += 1
        except DomainError:
            return

    def _who(self, name: str) -> Actor:
        if name not in self.people:
            self.people[name] = make.actor(name)
        return self.people[name]

    def _open(self) -> None:
        by = self._who(self.dice.choice(("cai", "lin", "an")))
        report = make.report(**self.dice.choice(PLACES))
        services.open_ticket(report=report, channel="shop", by=by, key=make.key())

    def _act(self) -> None:
        ids = list(Ticket.objects.order_by("-id").values_list("public_id", flat=True)[:15])
        if not ids:
            return
        what = {"public_id": self.dice.choice(ids), "key": make.key()}
        worker = self._who(self.dice.choice(TECHNICIANS))
        lin, hui = self._who("lin"), self._who("hui")
        to = {"technician_id": worker.technician_id, "reason": "nearest", "by": lin}
        act = self.dice.choice((
            lambda: services.grab_ticket(**what, by=worker),
            lambda: services.grab_ticket(**what, by=worker),
            lambda: services.dispatch_ticket(**what, **to),
            lambda: services.reassign_ticket(**what, **to),
            lambda: services.confirm_dispatch(**what, by=worker),
            lambda: services.decline_dispatch(**what, reason="too_far", by=worker),
            lambda: services.check_in(**what, lat=make.NEAR[0], lng=make.NEAR[1], by=worker),
            lambda: services.complete_ticket(**what, solution="new plug", by=worker),
            lambda: services.callback_ok(**what, score=5, by=hui),
            lambda: services.callback_reject(**what, reason="still dark", by=hui),
            lambda: services.place_ticket(**what, grid=self.dice.choice(("E1", "W1")), by=lin),
            lambda: services.void_ticket(**what, reason="a test", by=lin),
        ))  # fmt: skip
        act()
