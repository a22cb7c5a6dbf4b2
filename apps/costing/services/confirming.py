"""What a technician says of the own published line: it is right. Who says nothing until the time is over agrees."""

import uuid

from apps.costing.models import Period, SettlementLine
from apps.costing.rules.periods import PUBLISHED
from apps.costing.rules.settling import CONFIRMED, DISPUTED, LINE_OPEN
from apps.costing.services import _lines as lines
from apps.costing.services import _settling as settling
from apps.costing.settlement_errors import DisputesOpen, LineNotFound
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command


@command("costing.confirm_line")
def confirm_line(*, month: str, by: Actor) -> Receipt:
    """My line is right. Said twice it is said once. Raises LineNotFound, DisputesOpen, and what hold_month finds.
    Locks the month and the line.
    """
    period = settling.hold_month(month, states=[PUBLISHED])
    line = own_line(period, by)
    if line.state == DISPUTED:
        raise DisputesOpen(month=month, count=1)
    if line.state == LINE_OPEN:
        set_state(line, CONFIRMED)
    return Receipt("settlement_line", line.pk, month, facts={"month": month, "state": line.state})


def own_line(period: Period, by: Actor) -> SettlementLine:
    """The technician's own line of the month, locked. Raises LineNotFound for who has none."""
    rows = lines.lines_of(period).select_for_update().filter(technician=by.technician_id or 0)
    found: SettlementLine | None = rows.first()
    if found is None:
        raise LineNotFound
    return found


def set_state(line: SettlementLine, state: str) -> None:
    line.state, line.confirmed_at = state, clock.now() if state == CONFIRMED else None
    line.save(update_fields=["state", "confirmed_at"])


@command("costing.confirm_silent")
def confirm_silent(*, month: str, by: Actor) -> Receipt:
    """The time to confirm or dispute is over: who said nothing agrees. Twice changes nothing. Locks the month."""
    period = settling.lock_month(month, by, (), states=[PUBLISHED])
    rows = lines.lines_of(period).filter(state=LINE_OPEN)
    now = clock.now()
    over = period.disputes_until is not None and period.disputes_until <= now
    silent = rows.update(state=CONFIRMED, confirmed_at=now) if over else 0
    if silent:
        settling.note(period, "silence", by, data={"lines": silent})
    return settling.receipt(period, "silence", lines=silent)


def sweep_silence() -> int:
    """Every night; how many agreed by saying nothing."""
    over = Period.objects.filter(state=PUBLISHED, disputes_until__lte=clock.now()).order_by("month")
    months = list(over.values_list("month", flat=True))
    return sum(int(confirm_silent(month=one, by=SYSTEM, key=uuid.uuid4().hex).facts["lines"]) for one in months)
