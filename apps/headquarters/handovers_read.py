"""Hand-overs as headquarters sees them: what is about them, where they stand, for whom they wait, who said what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language

from apps.headquarters.branches_read import name_of
from apps.headquarters.errors import HandoverNotFound
from apps.headquarters.handover_words import STATES, icon_of, step_words, waits_for
from apps.headquarters.models import Handover, HandoverStep
from apps.headquarters.permissions import HANDOVER_READERS, HANDOVERS
from apps.tickets.reasons import reason_word
from apps.tickets.rules.workflow import may
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from tenants.context import active_branches
from tenants.models import Tenant

SLOW = timedelta(hours=24)
MANY = 3  # so often handed over that headquarters should look twice
MOST = 200
WAITING = ("asked", "agreed", "offered", "accepted")
TABS: dict[str, tuple[str, ...]] = {
    "route": ("agreed",), "asked": ("asked",), "offered": ("offered", "accepted"), "open": WAITING, "done": ("done",),
    "ended": ("declined", "withdrawn", "overtaken"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A line of the history, as `ui/_timeline_step.html` shows it."""

    what: str
    why: str
    who: str
    at: datetime
    icon: str
    css: str


@dataclass(frozen=True)
class Line:
    """One hand-over. `waits_for`: whose turn it is. `late`: nobody has answered for a day. `often`: this case has been
    sent about before."""

    record: Handover
    state: Promise
    kind: str
    reported_at: datetime
    promised_by: datetime | None
    why: str
    answer: str
    wish: str
    waits_for: str
    late: bool
    often: bool
    steps: tuple[Said, ...]
    targets: tuple[tuple[str, str], ...]

    @property
    def to_route(self) -> bool:
        return self.record.state == "agreed"

    @property
    def to_decide(self) -> bool:
        return self.record.state in {"agreed", "offered"}

    @property
    def to_take_back(self) -> bool:
        return self.record.state == "asked" and self.record.begun


def handovers(actor: Actor, tab: str, branch: str = "") -> list[Line]:
    """Those of a tab (`TABS`), the longest waiting first, ended ones newest first; at most 200. Three queries."""
    require(actor, HANDOVER_READERS)
    states = TABS.get(tab, WAITING)
    order = "changed_at" if states[0] in WAITING else "-changed_at"
    branches = active_branches()
    rows = _rows(branch).filter(state__in=states).order_by(order, "id")
    return [_line(one, branches) for one in rows[:MOST]]


def handover(actor: Actor, link_id: str) -> Line:
    """One case. Three queries. Raises HandoverNotFound."""
    require(actor, HANDOVER_READERS)
    found = _rows().filter(link_id=link_id).first()
    if found is None:
        raise HandoverNotFound
    return _line(found, active_branches())


def counts(actor: Actor, branch: str = "") -> dict[str, int]:
    """How many stand in each tab. One query."""
    require(actor, HANDOVER_READERS)
    states = list(Handover.objects.filter(_at(branch)).values_list("state", flat=True))
    return {tab: sum(state in wanted for state in states) for tab, wanted in TABS.items()}


@dataclass(frozen=True)
class OfTicket:
    """Where a ticket came from or goes to, and whether this reader may begin a hand-over of it now."""

    line: Line | None
    targets: tuple[tuple[str, str], ...]


def of_ticket(actor: Actor, branch: Tenant, public_id: str, status: str) -> OfTicket:
    """The last hand-over of a ticket, on either side; and where it could go. Two queries, three where there is one."""
    require(actor, HANDOVER_READERS)
    here = Q(source=branch.pk, source_ticket=public_id) | Q(target=branch.pk, target_ticket=public_id)
    last = _rows().filter(here).order_by("-id").first()
    branches = active_branches()
    runs = last is not None and last.state in WAITING
    free = actor.holds(*HANDOVERS) and may("request_hand_over", status) and not runs
    return OfTicket(_line(last, branches) if last else None, _targets(branches, branch.pk) if free else ())


def _rows(branch: str = "") -> QuerySet[Handover]:
    return Handover.objects.filter(_at(branch)).select_related("source", "target").prefetch_related("steps")


def _at(branch: str) -> Q:
    """Cases that leave this branch, come to it, or are wished there."""
    return Q(source__code=branch) | Q(target__code=branch) | Q(wish=branch) if branch else Q()


def _targets(branches: list[Tenant], source: int) -> tuple[tuple[str, str], ...]:
    return tuple((to.code, name_of(to)) for to in branches if to.pk != source)


def _line(one: Handover, branches: list[Tenant]) -> Line:
    names = {to.name: name_of(to) for to in (*branches, one.source, *([one.target] if one.target else []))}
    said = one.offer
    return Line(
        one, STATES[one.state], _kind(said), datetime.fromisoformat(said["reported_at"]),
        datetime.fromisoformat(said["promised_by"]) if said.get("promised_by") else None,
        reason_word("hand_over", said["reason"]), reason_word("refuse", one.answer),
        next((name_of(to) for to in branches if to.code == one.wish), one.wish),
        waits_for(one, target_open=any(to.pk == one.target_id for to in branches)),
        one.state in WAITING and clock.now() - one.changed_at > SLOW, one.hops > MANY,
        tuple(_said(step, names) for step in sorted(one.steps.all(), key=lambda step: step.pk)),
        _targets(branches, one.source_id),
    )  # fmt: skip


def _said(step: HandoverStep, names: dict[str, str]) -> Said:
    words, why = step_words(step, names)
    icon = icon_of(step.step)
    return Said(words, why, step.by_name, step.at, icon, icon if icon != "info" else "")


def _kind(said: dict[str, str]) -> str:
    """The type's name as its own branch calls it."""
    return ((get_language() or "").startswith("en") and said["type_en"]) or said["type_zh"]
