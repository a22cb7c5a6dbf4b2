"""What this person may do with a month now: the commands' own questions, asked before a button is shown."""

from dataclasses import dataclass

from apps.costing.models import Period, PeriodStep
from apps.costing.permissions import LOOKERS, MONTH_APPROVERS, PRICERS, SETTLERS
from apps.costing.rules import periods as rule
from apps.costing.services import _lines, _settling
from apps.costing.services.reviewing import waiting_for
from apps.costing.settlement_read import MonthView
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError


@dataclass(frozen=True)
class May:
    """Steps by name; `look` is how many lines wait for the person's look, by level. `own`: has an own line."""

    steps: frozenset[str]
    look: dict[str, int]
    own: bool = False

    def __contains__(self, step: str) -> bool:
        return step in self.steps


def may_for(actor: Actor, view: MonthView) -> May:
    """At most twelve queries, however many lines."""
    period = view.period
    idle = view.run is None or view.run.state not in ("waiting", "running")
    found = _of_settlers(actor, view, idle)
    own = bool(actor.technician_id and period.pk and _has_line(actor, period))
    if _whole(actor, MONTH_APPROVERS) and not own:
        found |= {"approve"} if period.state == rule.REVIEWED and not _calculated(actor, period) else set()
        found |= {"lock"} if period.state == rule.APPROVED else set()
    look = _looks(actor, period) if period.state == rule.PUBLISHED else {}
    return May(frozenset(found | ({"review"} if look else set())), look, own)


def _of_settlers(actor: Actor, view: MonthView, idle: bool) -> set[str]:
    state, found = view.period.state, set()
    if _whole(actor, SETTLERS):
        if state in rule.TAKES_ENTRIES and not idle:
            found |= {"cancel"}
        elif state in rule.TAKES_ENTRIES and _has_price(view.period):
            found |= {"calculate" if view.over else "preview"}
        if state == rule.CALCULATED and idle and view.count:
            found |= {"publish"}
        if state in rule.CLOSED:
            found |= {"export"}
    if _whole(actor, PRICERS) and state in rule.TAKES_ENTRIES and idle:
        found |= {"terms"}
    return found


def _has_price(period: Period) -> bool:
    return (period.pool_fen if period.mode == "pool" else period.unit_price) is not None


def _whole(actor: Actor, roles: tuple[str, ...]) -> bool:
    try:
        _settling.check_whole_branch(actor, roles)
    except DomainError:
        return False
    return True


def _has_line(actor: Actor, period: Period) -> bool:
    return bool(_lines.lines_of(period).filter(technician=actor.technician_id).exists())


def _calculated(actor: Actor, period: Period) -> bool:
    steps = PeriodStep.objects.filter(period=period, version=period.version, by=actor.ref)
    return steps.filter(step__in=("calculate", "publish")).exists()


def _looks(actor: Actor, period: Period) -> dict[str, int]:
    mine = [level for level, roles in LOOKERS.items() if actor.holds(*roles)]
    return {level: n for level in mine if (n := len(waiting_for(period, level, actor)))}
