"""Steps shared by the commands about disputes: reach, lock, trace, what a granted one changes."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.models import Dispute, DisputeStep, Period, SettlementLine, WorkPointEntry
from apps.costing.rules import settling as rule
from apps.costing.rules.periods import PUBLISHED
from apps.costing.services import _lines as lines
from apps.costing.services import _settling as settling
from apps.costing.services import accounts
from apps.costing.services.confirming import set_state
from apps.costing.settlement_errors import BadDispute, DisputeNotFound, StaleDispute, WrongDisputeState
from apps.costing.settlement_events import DisputeChanged
from apps.costing.settlement_labels import DISPUTES, word
from apps.tickets.work_days import special_days
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, emit

LONGEST = 500
MOST_POINTS = Decimal(10_000)


def lock_dispute(public_id: str, *, version: int | None, states: Iterable[str]) -> tuple[Dispute, Period]:
    """The dispute and its month, both locked, the month first. Raises DisputeNotFound, StaleDispute,
    WrongDisputeState, and what hold_month finds.
    """
    month = Dispute.objects.filter(public_id=public_id).values_list("line__period__month", flat=True).first()
    if month is None:
        raise DisputeNotFound
    period = settling.hold_month(month, states=[PUBLISHED])
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("line__period", "entry", "technician__user")
    dispute = rows.get(public_id=public_id)
    if version is not None and version != dispute.version:
        raise StaleDispute
    check_state(dispute, states)
    return dispute, period


def check_state(dispute: Dispute, states: Iterable[str]) -> None:
    """Raises WrongDisputeState."""
    if dispute.state not in tuple(states):
        raise WrongDisputeState(state=word(DISPUTES, dispute.state))


def check_text(text: str, name: str = "text") -> str:
    """The words, trimmed. Raises BadDispute for none and for too many."""
    said = text.strip()
    if not said:
        raise BadDispute({name: [_("Say it in a few words, please.")]})
    if len(said) > LONGEST:
        raise BadDispute({name: [_("At most %(most)s characters, please.") % {"most": LONGEST}]})
    return said


def is_points(points: Decimal | None) -> bool:
    """Points as an entry takes them: not nothing, two decimals, within reason."""
    return (
        points is not None and points.is_finite() and 0 < abs(points) <= MOST_POINTS and points == round(points, 2)
    )  # fmt: skip


def step(
    dispute: Dispute, name: str, state: str, by: Actor, *, text: str = "", points: Decimal | None = None,
    due_days: int = 0,
) -> Receipt:  # fmt: skip
    """The dispute's next state with its trace and event; the line's state follows. Five queries."""
    dispute.state, dispute.version = state, dispute.version + 1
    if due_days:
        dispute.due_at = due_in(due_days)
    dispute.save(update_fields=["state", "version", "due_at", "correction"])
    trace(dispute, name, by, text=text, points=points)
    follow(dispute.line)
    return receipt(dispute)


def trace(dispute: Dispute, name: str, by: Actor, *, text: str = "", points: Decimal | None = None) -> None:
    DisputeStep.objects.create(
        dispute=dispute, step=name, text=text, points=points, by=by.ref, by_name=by.name[:60], at=clock.now()
    )
    emit(
        DisputeChanged(
            entity_id=dispute.pk, public_id=dispute.public_id, version=dispute.version,
            month=dispute.line.period.month, technician_id=dispute.technician_id, state=dispute.state,
        )
    )  # fmt: skip


def follow(line: SettlementLine) -> None:
    """Disputed as long as one is; then to be confirmed as it stands now, and confirmed if the time for that is over."""
    until = line.period.disputes_until
    waits = Dispute.objects.filter(line=line, state__in=rule.UNSETTLED).exists()
    over = until is not None and until <= clock.now()
    state = rule.DISPUTED if waits else rule.CONFIRMED if over else rule.LINE_OPEN
    if line.state != state:
        set_state(line, state)


def due_in(days: int) -> datetime:
    return rule.ends_after(clock.now(), days, special_days())


def receipt(dispute: Dispute) -> Receipt:
    facts = {"state": dispute.state, "month": dispute.line.period.month}
    return Receipt("settlement_dispute", dispute.pk, dispute.public_id, dispute.version, facts)


def correct(dispute: Dispute, period: Period, points: Decimal, by: Actor, text: str) -> WorkPointEntry:
    """What was granted, as an entry of its own that names what it corrects; the month's lines follow at once, by the
    rates they were published with. A pool is shared out anew among all. The month is locked.
    """
    about = dispute.entry
    entry = WorkPointEntry.objects.create(
        ticket=about.ticket if about else "", ticket_no=about.ticket_no if about else "",
        technician_id=dispute.technician_id, kind="dispute_correction", stage="earned", points=points,
        period=period.month, rule_set_id=about.rule_set_id if about else None,
        inputs={"dispute": dispute.public_id}, reason=text[:300], corrects=about,
        key=f"dispute/{dispute.public_id}", by=by.ref, by_name=by.name[:60], at=clock.now(),
    )  # fmt: skip
    if entry.ticket:  # labour of the ticket follows what it pays
        accounts.settle(entry.ticket)
    changed = lines.write(period, lines.work_out(period, rates=lines.rates_of(period)))
    settling.note(period, "correct", by, data={"dispute": dispute.public_id, "lines": changed})
    dispute.line.refresh_from_db()
    return entry
