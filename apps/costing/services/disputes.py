"""A technician does not agree: with the line, or with one entry of it. Once, in words, within the published time."""

import uuid
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.errors import EntryNotFound
from apps.costing.models import Dispute, Period, SettlementLine, WorkPointEntry
from apps.costing.permissions import DISPUTE_ANSWERERS
from apps.costing.rules import settling as rule
from apps.costing.rules.periods import PUBLISHED
from apps.costing.services import _disputes as disputes
from apps.costing.services import _settling as settling
from apps.costing.services.confirming import own_line, set_state
from apps.costing.settlement_errors import BadDispute, ConfirmedAlready, DisputedAlready, DisputeNotFound, TooLate
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.ui.spoken import moment


@command("costing.raise_dispute")
def raise_dispute(
    *, month: str, text: str, entry_id: int | None = None, wanted: Decimal | None = None, by: Actor
) -> Receipt:
    """I do not agree. `wanted`: how many points more (or fewer taken off). Goes to the grid leader; to the manager at
    once where no other leader is. Raises BadDispute, TooLate, LineNotFound, EntryNotFound, ConfirmedAlready,
    DisputedAlready, and what
    hold_month finds. Locks the month and the line.
    """
    said = disputes.check_text(text)
    if wanted is not None and not disputes.is_points(wanted):
        raise BadDispute({"wanted": [_("How many points, with at most two decimals.")]})
    period = settling.hold_month(month, states=[PUBLISHED])
    line = own_line(period, by)
    _check_in_time(period)
    if line.state == rule.CONFIRMED:
        raise ConfirmedAlready(month=month)
    entry = _own_entry(period, entry_id, by)
    if Dispute.objects.filter(line=line, entry=entry).exclude(state=rule.WITHDRAWN).exists():
        raise DisputedAlready
    dispute = _new(line, entry, said, wanted, by)
    set_state(line, rule.DISPUTED)
    disputes.trace(dispute, "raise", by, text=said, points=wanted)
    return disputes.receipt(dispute)


def _check_in_time(period: Period) -> None:
    until = period.disputes_until
    if until is not None and until <= clock.now():
        raise TooLate(month=period.month, until=moment(until, clock.now()))


def _own_entry(period: Period, entry_id: int | None, by: Actor) -> WorkPointEntry | None:
    if entry_id is None:
        return None
    rows = WorkPointEntry.objects.filter(period=period.month, technician=by.technician_id, stage="earned")
    entry = rows.filter(pk=entry_id).first()
    if entry is None:
        raise EntryNotFound
    return entry


def _new(line: SettlementLine, entry: WorkPointEntry | None, said: str, wanted: Decimal | None, by: Actor) -> Dispute:
    """Who leads the own grid cannot answer it: without another leader it begins one level higher."""
    led = any(who != by.id and line.org_path.startswith(path) for who, path in people.holders_of(DISPUTE_ANSWERERS))
    days = rule.ANSWER_DAYS if led else rule.DECIDE_DAYS
    return Dispute.objects.create(
        public_id=uuid.uuid4().hex[:16], line=line, entry=entry, technician_id=line.technician_id,
        org_path=line.org_path, text=said, wanted=wanted, state=rule.RAISED if led else rule.APPEALED,
        due_at=disputes.due_in(days), raised_at=clock.now(),
    )  # fmt: skip


@command("costing.withdraw_dispute")
def withdraw_dispute(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """It was right after all. Raises DisputeNotFound and what lock_dispute finds."""
    dispute = _own(public_id, version, by, rule.UNSETTLED)
    return disputes.step(dispute, "withdraw", rule.WITHDRAWN, by)


@command("costing.accept_answer")
def accept_answer(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """The refusal is accepted. Raises DisputeNotFound and what lock_dispute finds."""
    dispute = _own(public_id, version, by, [rule.REFUSED])
    return disputes.step(dispute, "accept", rule.LOST, by)


@command("costing.appeal")
def appeal(*, public_id: str, text: str, version: int | None = None, by: Actor) -> Receipt:
    """Refused, and not agreed: the department's manager decides. Once. Raises BadDispute, DisputeNotFound, TooLate,
    and what lock_dispute finds.
    """
    said = disputes.check_text(text)
    dispute = _own(public_id, version, by, [rule.REFUSED])
    if dispute.due_at <= clock.now():
        raise TooLate(month=dispute.line.period.month, until=moment(dispute.due_at, clock.now()))
    return disputes.step(dispute, "appeal", rule.APPEALED, by, text=said, due_days=rule.DECIDE_DAYS)


def _own(public_id: str, version: int | None, by: Actor, states: tuple[str, ...] | list[str]) -> Dispute:
    dispute, _period = disputes.lock_dispute(public_id, version=version, states=(*rule.DISPUTE_STATES,))
    if dispute.technician_id != by.technician_id:
        raise DisputeNotFound
    disputes.check_state(dispute, states)
    return dispute


@command("costing.pass_on_dispute")
def pass_on_dispute(*, public_id: str, by: Actor) -> Receipt:
    """Its time is over: unanswered it goes up to the manager, refused and not appealed it is accepted. By the system.

    Before that, and twice, nothing changes.
    """
    dispute, _period = disputes.lock_dispute(public_id, version=None, states=rule.DISPUTE_STATES)
    if dispute.due_at > clock.now() or dispute.state not in (rule.RAISED, rule.REFUSED) or by.kind != "system":
        return disputes.receipt(dispute)
    if dispute.state == rule.RAISED:
        return disputes.step(dispute, "go_up", rule.APPEALED, by, due_days=rule.DECIDE_DAYS)
    return disputes.step(dispute, "accept", rule.LOST, by)


def sweep_disputes() -> int:
    """Every night; how many went on."""
    over = Dispute.objects.filter(
        state__in=(rule.RAISED, rule.REFUSED), due_at__lte=clock.now(), line__period__state=PUBLISHED
    )
    names = list(over.order_by("id").values_list("public_id", flat=True))
    for one in names:
        pass_on_dispute(public_id=one, by=SYSTEM, key=uuid.uuid4().hex)
    return len(names)
