"""The run itself: tickets come in, workers send, the sweep decides, time goes on; until every card has an end."""

import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from django.db.models import Min

from apps.people import selectors as people
from apps.people.models import Technician
from apps.tickets.models import PushCandidate, Ticket
from apps.tickets.services import Report, grab_ticket, open_ticket, sweep_waves
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import inbox
from apps.wechat.models import PushOutbox, SmsAccount, WecomAccount, WxAccount
from apps.wechat.push import fallback, outbox, reports
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import in_public
from tests.faults import judge, mix, tokens
from tests.faults.crew import Crew
from tests.faults.judge import OPEN, Findings, Seen
from tests.faults.scene import Scene, spot
from tests.faults.times import Moment
from tests.make import key
from tests.wechat.stand import Sandbox, relay

CARD = "new_ticket"
GAP = timedelta(seconds=15)  # between two batches
STEP = timedelta(seconds=1)  # time goes on by no less than this
LONGEST_S = 2 * 3600.0  # of that clock: a card that has no end by then has none
URGENT_EVERY, GRABBED_EVERY = 4, 8


@dataclass(frozen=True)
class Plan:
    """How many cards at least, how much of the calls goes wrong, and what everything is drawn from."""

    count: int = 2000
    rate: float = 0.2
    seed: int = 1
    crew: int = 120
    batch: int = 8  # tickets at once


class Run:
    """In the branch we stand in, from the first ticket to the last card."""

    def __init__(self, plan: Plan, wx: Sandbox, scene: Scene, crew: Crew) -> None:
        self.plan, self.wx, self.scene, self.crew = plan, wx, scene, crew
        self.dice, self.moment, self.tickets = Random(plan.seed), Moment(wx), list[str]()
        self.taken, self.blows = set[str](), list(mix.BLOWS) if plan.rate else []
        self.numbers, self.next_batch = count(), self.moment.now

    def go(self) -> Findings:
        """Everything, and the findings."""
        for rule in [*mix.rules(self.plan.rate), mix.SLOW_TOKENS]:
            self.wx.tell("inject", rule)
        started = time.monotonic()
        while not self._is_over():
            fresh = self._receive()
            self.crew.work(self.moment.now)
            self._grab(fresh)
            self._sweep()
            self._go_on()
        return self._found(time.monotonic() - started)

    def _receive(self) -> list[str]:
        """New tickets if it is time, wider waves for the old ones, and the cards of both."""
        if not self._is_receiving():
            return []
        fresh = []
        with self.moment.here():
            if clock.now() >= self.next_batch:
                fresh = [self._open() for _ in range(self.plan.batch)]
                self.next_batch = clock.now() + GAP
            sweep_waves()
            relay()
        self.tickets += fresh
        self._strike()
        return fresh

    def _open(self) -> str:
        number, (lat, lng) = next(self.numbers), spot(self.dice)
        report = Report(
            type_code="fault_bb", contact_phone=f"139{number:08}", address=f"杭盖街 {number}", lat=lat, lng=lng,
            priority=1 if number % URGENT_EVERY == 0 else 2, anyway=True,
        )  # fmt: skip
        return open_ticket(report=report, channel="shop", by=SYSTEM, key=key()).public_id

    def _strike(self) -> None:
        """What befalls a whole account, when its part of the way is done."""
        while self.blows and self._decided() >= self.blows[0][0] * self.plan.count:
            self.wx.tell("inject", self.blows.pop(0)[1])

    def _grab(self, fresh: list[str]) -> None:
        """Now and then somebody takes a ticket while cards about it still wait."""
        with self.moment.here():
            for public_id in fresh[::GRABBED_EVERY]:
                chosen = PushCandidate.objects.filter(wave__ticket__public_id=public_id, chosen=True)
                user = Technician.objects.get(pk=chosen.order_by("rank")[0].technician_id).user_id
                grab_ticket(public_id=public_id, by=people.actor_for_user(user), key=key())
                self.taken.add(public_id)
            relay()

    def _sweep(self) -> None:
        """What the product's sweep does, once all receipts that were under way are here."""
        self.wx.http.get("/_sandbox/pushes", params={"settle_s": 3, "name": "none"})
        with self.moment.here():
            inbox.take_all()
            fallback.look_at_all()
            if outbox.reports_are_due():
                reports.take()
            outbox.sweep_receipts()

    def _go_on(self) -> None:
        """Forward to the next moment at which there is something to do; nobody is at work now."""
        with self.moment.here():
            least = clock.now() + STEP
            moments = [max(one, least) for one in self._moments() if one and one > clock.now()]
        self.moment.set(min(moments, default=least))

    def _moments(self) -> list[Any]:
        rows, now = PushOutbox.objects.all(), clock.now()
        found = [
            rows.filter(status="pending", next_try_at__gt=now).aggregate(at=Min("next_try_at"))["at"],
            rows.filter(status="sending").aggregate(at=Min("locked_until"))["at"],
            rows.aggregate(at=Min("watch_at"))["at"],
        ]
        for account in (WxAccount, WecomAccount, SmsAccount):
            found += account.objects.values_list("paused_until", flat=True)
        if self._is_receiving():
            found += [self.next_batch, Ticket.objects.aggregate(at=Min("next_wave_at"))["at"]]
        return found

    def _decided(self) -> int:
        return PushOutbox.objects.filter(template_key=CARD, instead_of=None).count()

    def _is_receiving(self) -> bool:
        return self._decided() < self.plan.count

    def _is_over(self) -> bool:
        if self.moment.passed_s > LONGEST_S:
            return True
        rows = PushOutbox.objects.filter(status__in=OPEN) | PushOutbox.objects.filter(watch_at__isnull=False)
        return not self._is_receiving() and not rows.exists()

    def _found(self, seconds: float) -> Findings:
        rows = list(PushOutbox.objects.filter(template_key=CARD).order_by("id"))
        pairs = PushCandidate.objects.filter(chosen=True).values_list("technician_id", "wave__ticket__public_id")
        seen = Seen.of(self.wx.cards(channel="all"), self.scene.phones)
        found = judge.judge(set(pairs), rows, seen, self.scene.in_wecom, self.taken)
        tokens.look(found, self.wx, {"WeChat": self.scene.account.appid, "WeCom": self.scene.corpid})
        found.promise("no worker met an error it does not know", self.crew.errors)
        with in_public():
            found.promise("every callback was taken in", Inbox.objects.filter(done_at=None).values_list("error"))
        return self._measured(found, seconds)

    def _measured(self, found: Findings, seconds: float) -> Findings:
        decided = found.figures["pushes decided"]
        found.figures |= {
            "tickets": len(self.tickets), "taken meanwhile": len(self.taken),
            "workers": f"{len(self.crew.children)} processes", "cards looked at": self.crew.looked_at,
            "seconds": round(seconds, 1), "seconds of the moved clock": round(self.moment.passed_s, 1),
            "pushes/s": round(decided / seconds, 1),
        }  # fmt: skip
        return found
