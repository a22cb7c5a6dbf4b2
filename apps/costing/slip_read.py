"""核定单: a technician's own month, line by line, and disputes as both sides see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet

from apps.costing.models import Dispute, DisputeStep, SettlementLine, WorkPointEntry
from apps.costing.permissions import DISPUTE_ANSWERERS, DISPUTE_DECIDERS, SETTLEMENT_READERS
from apps.costing.points_read import Entry, told
from apps.costing.rules import settling as rule
from apps.costing.rules.periods import PUBLISHED
from apps.costing.settlement_errors import DisputeNotFound, LineNotFound
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed

SHOWN = 300  # entries of a line on one page
HIDDEN = ("open", "calculated")  # months whose lines are not for technicians yet


@dataclass(frozen=True)
class Slip:
    """A line with what it is made of, the newest entries first, and what was said of it."""

    line: SettlementLine
    entries: Sequence[Entry]
    disputes: Sequence[Dispute]
    more: int = 0

    @property
    def in_time(self) -> bool:
        """May the technician still confirm or dispute?"""
        until = self.line.period.disputes_until
        return self.line.period.state == PUBLISHED and until is not None and clock.now() < until

    @property
    def disputed(self) -> set[int]:
        """The entries that are disputed already."""
        return {one.entry_id for one in self.disputes if one.entry_id and one.state != rule.WITHDRAWN}

    @property
    def whole_disputed(self) -> bool:
        return any(one.entry_id is None and one.state != rule.WITHDRAWN for one in self.disputes)


def slips_for(actor: Actor) -> list[SettlementLine]:
    """The technician's own published months, the newest first. One query. Raises NotAllowed."""
    return list(_own(actor).select_related("period").order_by("-period__month")[:24])


def slip_for(actor: Actor, month: str) -> Slip:
    """One of them. Six queries. Raises NotAllowed, LineNotFound."""
    line = _own(actor).select_related("period", "org_unit").filter(period__month=month).first()
    if line is None:
        raise LineNotFound
    return slip_of(line)


def slip_of(line: SettlementLine) -> Slip:
    """What a line is made of, for who may see it. Five queries."""
    rows = WorkPointEntry.objects.filter(period=line.period.month, technician=line.technician_id, stage="earned")
    found = list(rows.select_related("technician__user", "corrects").order_by("-id")[: SHOWN + 1])
    more = rows.count() - SHOWN if len(found) > SHOWN else 0
    return Slip(line, told(found[:SHOWN]), list(_told(Dispute.objects.filter(line=line)).order_by("id")), more)


def disputes_waiting_for(actor: Actor) -> list[Dispute]:
    """Those this person may answer or decide now, the most urgent first. One query and one for their steps."""
    require(actor, SETTLEMENT_READERS)
    return list(_told(_answerable(actor)).order_by("due_at", "id"))


def how_many_wait_for(actor: Actor) -> int:
    """How many that are. One query, none for who answers nothing."""
    return _answerable(actor).count() if actor.holds(*DISPUTE_ANSWERERS, *DISPUTE_DECIDERS) else 0


def disputes_of_month(actor: Actor, month: str) -> list[Dispute]:
    """All of a month in the reader's reach, the newest first. Two queries."""
    require(actor, SETTLEMENT_READERS)
    rows = Dispute.objects.filter(_under(actor, SETTLEMENT_READERS), line__period__month=month)
    return list(_told(rows.filter(line__version=F("line__period__version"))).order_by("-id"))


def dispute_for(actor: Actor, public_id: str) -> Dispute:
    """One dispute: the technician's own, or one in the reader's reach. Two queries. Raises DisputeNotFound."""
    reach = _under(actor, SETTLEMENT_READERS)
    if actor.technician_id:
        reach |= Q(technician=actor.technician_id)
    found = _told(Dispute.objects.filter(reach, public_id=public_id)).first()
    if found is None:
        raise DisputeNotFound
    return found


def may_answer(actor: Actor, dispute: Dispute) -> bool:
    """Would `answer_dispute` or `decide_dispute` ask no other person? No query where the steps were read."""
    return _rightful(actor, dispute) and not any(
        one.by == actor.ref and one.step in ("grant", "refuse") for one in dispute.steps.all()
    )


def _rightful(actor: Actor, dispute: Dispute) -> bool:
    roles = {rule.RAISED: DISPUTE_ANSWERERS, rule.APPEALED: DISPUTE_DECIDERS}.get(dispute.state, ())
    own = dispute.technician_id == actor.technician_id
    return not own and any(dispute.org_path.startswith(path) for path in actor.scopes(roles))


def _answerable(actor: Actor) -> QuerySet[Dispute]:
    leads, decides = _under(actor, DISPUTE_ANSWERERS), _under(actor, DISPUTE_DECIDERS)
    mine = Q(leads, state=rule.RAISED) | Q(decides, state=rule.APPEALED)
    rows = Dispute.objects.filter(mine, line__period__state=PUBLISHED).exclude(technician=actor.technician_id or 0)
    answered = DisputeStep.objects.filter(by=actor.ref, step__in=("grant", "refuse")).values("dispute")
    return rows.exclude(pk__in=answered)


def _under(actor: Actor, roles: Sequence[str]) -> Q:
    reach = Q(pk__in=[])
    for path in actor.scopes(roles):
        reach |= Q(org_path__startswith=path)
    return reach


def _told(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    steps = Prefetch("steps", DisputeStep.objects.order_by("id"))
    return rows.select_related("line__period", "entry", "technician__user").prefetch_related(steps)


def _own(actor: Actor) -> QuerySet[SettlementLine]:
    if not actor.technician_id:
        raise NotAllowed
    rows = SettlementLine.objects.filter(technician=actor.technician_id, version=F("period__version"))
    return rows.exclude(period__state__in=HIDDEN)
