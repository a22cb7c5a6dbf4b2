"""A month is calculated: ticket after ticket is booked once more, then there is a line per technician.

The row of the run is the truth: its cursor moves in the transaction that books a batch, so that whoever dies in it is
followed by who goes on from there, and nothing is booked twice. The lines come last, in one command whose key is the
run's name. A run is worked on in slices, shorter than a task may last.
"""

import time
import uuid
from datetime import timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import translation

from apps.costing.models import Period, SettlementRun, WorkPointEntry
from apps.costing.permissions import SETTLERS
from apps.costing.rules.periods import TAKES_ENTRIES
from apps.costing.services import _lines as lines
from apps.costing.services import _settling as settling
from apps.costing.services._booking import book
from apps.costing.settlement_errors import AtWork, NoPrice, NotOver, NotRunning, RunNotFound
from apps.people import selectors as people
from apps.tickets import worked_read
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Conflict, DomainError, NotAllowed
from steppe.ui.spoken import moment

BATCH = 200
SLICE_S = 60  # then the task ends and wakes itself again
LOST = timedelta(minutes=3)  # longer than a task may run: whoever worked on it has died
TRIES = 4
AT_ONCE = ("waiting", "running")


@command("costing.start_calculation")
def start_calculation(*, month: str, preview: bool = False, version: int | None = None, by: Actor) -> Receipt:
    """Ask for the month's lines; they are worked out beside. A `preview` may be asked for while the month still runs,
    and leaves it open. Raises MonthNotFound, NotOver, NoPrice, AtWork and what lock_month finds. Locks the month.
    """
    settling.check_whole_branch(by, SETTLERS)
    settling.ensure_month(month)
    period = settling.lock_month(month, by, SETTLERS, version=version, states=TAKES_ENTRIES)
    _check_ready(period, preview)
    now = clock.now()
    total = worked_read.count_closed_between(period.starts_at, period.ends_at)
    run = SettlementRun(
        public_id=uuid.uuid4().hex[:16], period=period, version=period.version, preview=preview, total=total,
        by=by.ref, by_name=by.name[:60], at=now, beat_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise AtWork(month=month) from error
    return Receipt("settlement_run", run.pk, run.public_id, facts={"month": month, "total": total, "state": run.state})


def _check_ready(period: Period, preview: bool) -> None:
    if not preview and clock.now() < period.ends_at:
        raise NotOver(month=period.month, until=moment(period.ends_at, clock.now()))
    if (period.pool_fen if period.mode == "pool" else period.unit_price) is None:
        raise NoPrice(month=period.month)


@command("costing.cancel_calculation")
def cancel_calculation(*, public_id: str, by: Actor) -> Receipt:
    """Stop it before the next batch. What was booked is right and stays; no line is written. Raises RunNotFound,
    NotRunning.
    """
    settling.check_whole_branch(by, SETTLERS)
    rows = SettlementRun.objects.filter(public_id=public_id)
    if not rows.exists():
        raise RunNotFound
    if not rows.filter(state__in=AT_ONCE).update(state="cancelled", finished_at=clock.now()):
        raise NotRunning
    return Receipt("settlement_run", rows.get().pk, public_id, facts={"state": "cancelled"})


def work_on(public_id: str, *, seconds: float = SLICE_S) -> str:
    """Go on with a run for a while; the state it is left in. Harmless twice: one at a time moves the cursor."""
    now, rows = clock.now(), SettlementRun.objects.filter(public_id=public_id)
    free = Q(state="waiting") | Q(state="running", beat_at__lt=now - LOST)
    if not rows.filter(free).update(state="running", beat_at=now):
        return rows.values_list("state", flat=True).first() or "gone"
    run = rows.select_related("period").get()
    try:
        return _worked(run, time.monotonic() + seconds)
    except DomainError as refusal:
        with translation.override("zh-hans"):
            return _fail(run, refusal.sentence)


def waiting_runs() -> list[str]:
    """Those that wait for somebody, or were left behind. One query."""
    left = Q(state="running", beat_at__lt=clock.now() - LOST)
    rows = SettlementRun.objects.filter(Q(state="waiting") | left).order_by("at")
    return list(rows.values_list("public_id", flat=True))


def _worked(run: SettlementRun, until: float) -> str:
    while batch := _next(run):
        if not _book_batch(run, batch):
            return _state(run)
        if time.monotonic() > until:
            SettlementRun.objects.filter(pk=run.pk, state="running", cursor=run.cursor).update(state="waiting")
            return _state(run)
    return _finish(run)


def _next(run: SettlementRun) -> list[tuple[int, str]]:
    """Tickets after the cursor. One query."""
    span = (run.period.starts_at, run.period.ends_at)
    return worked_read.closed_between(*span, after=run.cursor, limit=BATCH)


def _book_batch(run: SettlementRun, batch: list[tuple[int, str]]) -> bool:
    """Book them and move the cursor, together or not at all. False: somebody else has the run, or it was cancelled."""
    last = batch[-1][0]
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                book([name for _id, name in batch], by=SYSTEM)
                if not _moved(run, last, len(batch)):
                    transaction.set_rollback(True)
                    return False
            run.cursor = last
            return True
        except OperationalError:  # somebody locked the other way round, or too long
            if not left:
                raise
    raise AssertionError("unreachable")


def _moved(run: SettlementRun, last: int, count: int) -> int:
    mine = SettlementRun.objects.filter(pk=run.pk, state="running", cursor=run.cursor)
    return mine.update(cursor=last, done=F("done") + count, beat_at=clock.now())


def _finish(run: SettlementRun) -> str:
    """The lines, by who asked for them, as they stand now. A crash between is followed by the same command again."""
    by = people.actor_for_user(int(run.by.partition(":")[2])) if run.by.startswith("staff:") else SYSTEM
    if by is None:
        raise NotAllowed
    finish_calculation(run=run.public_id, by=by, key=f"run-{run.public_id}")
    return _state(run)


@command("costing.finish_calculation")
def finish_calculation(*, run: str, by: Actor) -> Receipt:
    """Book what closed while we went along, write the lines, and say that the month is calculated.

    Nothing can be booked meanwhile: who books takes a share of the month's row. Raises what lock_month finds, and
    Conflict if the month was opened anew. Locks: tickets left over, the month, its lines.
    """
    require(by, SETTLERS)
    row = SettlementRun.objects.select_related("period").get(public_id=run)
    month = row.period.month
    _book_left(row.period)
    period = settling.lock_month(month, by, SETTLERS, states=TAKES_ENTRIES)
    if row.version != period.version:
        raise Conflict
    if not SettlementRun.objects.filter(pk=row.pk, state="running").update(state="done", finished_at=clock.now()):
        raise NotRunning
    changed = lines.write(period, lines.work_out(period))
    told = {"lines": lines.lines_of(period).count(), "changed": changed, "run": run}
    if row.preview:
        settling.note(period, "preview", by, data=told)
        return settling.receipt(period, "preview", **told)
    return settling.move(period, "calculate", "calculated", by, data=told, calculated_at=clock.now())


def _book_left(period: Period) -> None:
    """Tickets of the month that have no entry yet: those that closed behind the cursor. A query for 500 tickets."""
    after = 0
    while found := worked_read.closed_between(period.starts_at, period.ends_at, after=after):
        names = [name for _id, name in found]
        booked = WorkPointEntry.objects.filter(ticket__in=names, stage="earned").values_list("ticket", flat=True)
        if left := set(names) - set(booked):
            book(left, by=SYSTEM)
        after = found[-1][0]


def _fail(run: SettlementRun, why: str) -> str:
    rows = SettlementRun.objects.filter(pk=run.pk, state__in=AT_ONCE)
    rows.update(state="failed", trouble=[why], finished_at=clock.now())
    return _state(run)


def _state(run: SettlementRun) -> str:
    return str(SettlementRun.objects.values_list("state", flat=True).get(pk=run.pk))
