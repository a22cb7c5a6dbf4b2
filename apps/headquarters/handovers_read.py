"""Hand-overs as headquarters sees them: what is about them, where they stand, who said what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.headquarters.models import Handover, HandoverStep
from apps.headquarters.permissions import HANDOVERS
from apps.tickets.reasons import reason_word
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from tenants.context import active_branches
from tenants.models import Tenant

SLOW = timedelta(hours=24)
MANY = 3  # so often handed over that headquarters should look twice
MOST = 200
WAITING = ("agreed", "offered", "accepted")
TABS: dict[str, tuple[str, ...]] = {
    "route": ("agreed",), "open": WAITING, "done": ("done",), "ended": ("declined", "withdrawn", "overtaken"),
}  # fmt: skip
STATES: dict[str, Promise] = {
    "agreed": pgettext_lazy("hand-over", "waits for headquarters"),
    "offered": pgettext_lazy("hand-over", "waits for the other branch"),
    "accepted": pgettext_lazy("hand-over", "taken, being opened"),
    "done": pgettext_lazy("hand-over", "handed over"),
    "declined": pgettext_lazy("hand-over", "declined by headquarters"),
    "withdrawn": pgettext_lazy("hand-over", "kept there"),
    "overtaken": pgettext_lazy("hand-over", "ended there before"),
    "refused": pgettext_lazy("hand-over", "not taken"),
}


@dataclass(frozen=True)
class Line:
    """One hand-over. `late`: nobody has answered for a day. `often`: this case has been sent about before."""

    record: Handover
    state: Promise
    reported_at: datetime
    why: str
    answer: str
    late: bool
    often: bool
    steps: tuple[tuple[Promise, HandoverStep], ...]
    targets: tuple[tuple[str, str], ...]

    @property
    def to_route(self) -> bool:
        return self.record.state == "agreed"

    @property
    def to_decide(self) -> bool:
        return self.record.state in {"agreed", "offered"}


def handovers(actor: Actor, tab: str) -> list[Line]:
    """Those of a tab (`TABS`), the longest waiting first, ended ones newest first; at most 200. Three queries."""
    require(actor, HANDOVERS)
    states = TABS.get(tab, WAITING)
    rows = Handover.objects.filter(state__in=states).select_related("source", "target").prefetch_related("steps")
    order = "changed_at" if states[0] in WAITING else "-changed_at"
    branches = active_branches()
    return [_line(one, branches) for one in rows.order_by(order, "id")[:MOST]]


def counts(actor: Actor) -> dict[str, int]:
    """How many stand in each tab. One query."""
    require(actor, HANDOVERS)
    states = list(Handover.objects.values_list("state", flat=True))
    return {tab: sum(state in wanted for state in states) for tab, wanted in TABS.items()}


def _line(one: Handover, branches: list[Tenant]) -> Line:
    steps = sorted(one.steps.all(), key=lambda step: step.pk)
    late = one.state in WAITING and clock.now() - one.changed_at > SLOW
    return Line(
        one, STATES[one.state], datetime.fromisoformat(one.offer["reported_at"]),
        reason_word("hand_over", one.offer["reason"]), reason_word("refuse", one.answer), late, one.hops > MANY,
        tuple((STATES.get(step.step, STATES["agreed"]), step) for step in steps),
        tuple((to.code, to.name) for to in branches if to.pk != one.source_id),
    )  # fmt: skip
