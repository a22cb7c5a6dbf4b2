"""Steps shared by the settlement's commands: reach, lock, state, trace, event."""

from collections.abc import Iterable
from typing import Any

from apps.costing.models import Period, PeriodStep
from apps.costing.rules import periods as rule
from apps.costing.services._periods import cut_off
from apps.costing.settlement_errors import MonthLocked, MonthNotFound, StaleMonth, WrongMonthState
from apps.costing.settlement_events import MonthChanged
from apps.costing.settlement_labels import state_word
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, emit
from steppe.kernel.db import connection
from steppe.kernel.errors import NotAllowed

BRANCH_DEPTH = 2  # slashes of `/1/`: the branch itself


def check_whole_branch(by: Actor, roles: Iterable[str]) -> None:
    """Does one of these roles stand for the branch itself, not for a part of it? Raises Unauthenticated, NotAllowed."""
    wanted = tuple(roles)
    require(by, wanted)
    if by.kind != "system" and not any(path.count("/") <= BRANCH_DEPTH for path in by.scopes(wanted)):
        raise NotAllowed


def check_month(month: str) -> None:
    """Raises MonthNotFound for what is no month, or lies further ahead than the next one."""
    now = rule.period_of(clock.now(), cut_off())
    if not rule.is_period(month) or month > rule.following(now):
        raise MonthNotFound


def ensure_month(month: str) -> Period:
    """The month, made if nobody has asked for it before. Raises MonthNotFound."""
    check_month(month)
    starts_at, ends_at = rule.bounds(month, cut_off())
    found, _made = Period.objects.get_or_create(month=month, defaults={"starts_at": starts_at, "ends_at": ends_at})
    return found


def lock_month(
    month: str, by: Actor, roles: Iterable[str], *, version: int | None = None, states: Iterable[str]
) -> Period:
    """The month, locked, for who holds one of these roles. Raises NotAllowed and what `hold_month` finds."""
    require(by, roles)
    return hold_month(month, version=version, states=states)


def hold_month(month: str, *, version: int | None = None, states: Iterable[str]) -> Period:
    """The month, locked. Raises MonthNotFound, StaleMonth, MonthLocked, WrongMonthState."""
    assert connection.in_atomic_block
    period = Period.objects.select_for_update().filter(month=month).first()
    if period is None:
        raise MonthNotFound
    if version is not None and version != period.row_version:
        raise StaleMonth(month=month)
    check_state(period, states)
    return period


def check_state(period: Period, states: Iterable[str]) -> None:
    """Raises MonthLocked, WrongMonthState."""
    if period.state in tuple(states):
        return
    if period.state in rule.CLOSED:
        raise MonthLocked(month=period.month)
    raise WrongMonthState(month=period.month, state=state_word(period.state))


def move(
    period: Period, step: str, state: str, by: Actor, *, reason: str = "", data: Any = None, **more: Any
) -> Receipt:
    """The (locked) month's next state, its trace, its event. Two queries."""
    for name, value in {"state": state, **more}.items():
        setattr(period, name, value)
    period.row_version += 1
    period.save(update_fields=["state", "row_version", *more])
    note(period, step, by, reason=reason, data=data)
    return receipt(period, step)


def reopen(period: Period) -> Receipt:
    """The next version of a (locked) month begins where the first one did. One query."""
    period.state, period.version, period.row_version = "open", period.version + 1, period.row_version + 1
    period.calculated_at = period.published_at = period.disputes_until = period.locked_at = None
    period.lines_hash = ""
    period.save()
    return receipt(period, "unlock")


def note(period: Period, step: str, by: Actor, *, reason: str = "", data: Any = None) -> None:
    """Who did what with the month; the event tells whoever looks at it. One query."""
    PeriodStep.objects.create(
        period=period, version=period.version, step=step, by=by.ref, by_name=by.name[:60], reason=reason,
        data=data or {}, at=clock.now(),
    )  # fmt: skip
    emit(
        MonthChanged(
            entity_id=period.pk, public_id=period.month, version=period.row_version, month=period.month, step=step,
            state=period.state,
        )
    )  # fmt: skip


def receipt(period: Period, step: str, **facts: Any) -> Receipt:
    told = {"month": period.month, "state": period.state, "step": step, **facts}
    return Receipt("settlement_month", period.pk, period.month, period.row_version, told)
