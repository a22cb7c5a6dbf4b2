"""A ticket's account converges to the truth: what stock, points, charges and expenses say now, less what is written.

Called as often as anything happens (subscribers, commands): the same facts again write nothing. Locks the account,
then its months (shared); everything is read after the lock, so that two at once do not write by what was.

- At the ticket's end (closed, cancelled, void) the account is frozen: its dimensions, its month and version 1.
- Whatever comes later is a line in the ticket's own month as long as that is open, else in the next one, marked late;
  each time the account has one version more, which says why.
- A ticket opened again keeps its frozen account: what its second end costs is later lines of the same one.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.costing.events import CostsChanged
from apps.costing.models import AccountVersion, MoneyLine, TicketAccount
from apps.costing.money_errors import AccountNotFound, BadPlan
from apps.costing.money_permissions import COST_CLOSERS, check_whole_branch
from apps.costing.rules import account_lines as rules
from apps.costing.rules.account_lines import Line, Said
from apps.costing.rules.periods import period_of
from apps.costing.services import _cost_months as months
from apps.costing.services import _truth as truth
from apps.costing.services._periods import cut_off
from apps.people import selectors as people
from apps.tickets.rules.workflow import FINAL
from apps.tickets.worked_read import WorkedTicket, worked_ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.db import connection


@command("costing.recalculate_account")
def recalculate_account(*, public_id: str, reason: str, by: Actor) -> Receipt:
    """Compare a ticket's account with its sources once more and write what is missing, as a version of its own.

    For the branch's accountant. Facts: `lines` written. Raises AccountNotFound, BadPlan without a reason.
    """
    check_whole_branch(by, COST_CLOSERS)
    if not reason.strip():
        raise BadPlan({"reason": [_("Say why it is worked out again.")]})
    account = TicketAccount.objects.filter(ticket=public_id).first()
    if account is None:
        raise AccountNotFound
    written = settle(public_id, by=by, reason=reason.strip()[:200])
    account.refresh_from_db()
    emit(CostsChanged(entity_id=account.pk, public_id=public_id, version=account.version, month=""))
    return Receipt("ticket_account", account.pk, public_id, account.version, {"lines": written})


def settle(public_id: str, *, by: Actor = SYSTEM, reason: str = "") -> int:
    """Write what the account lacks, in the transaction we stand in; how many lines. About twenty queries.

    A ticket that is under way and has cost nothing gets no account.
    """
    assert connection.in_atomic_block
    work = worked_ticket(public_id)
    if work is None:
        return 0
    ended = work.status in FINAL
    if not ended and not truth.lines_of(work) and not TicketAccount.objects.filter(ticket=public_id).exists():
        return 0
    account = _locked(work)
    work = worked_ticket(public_id) or work
    lines = rules.missing(truth.lines_of(work), _said(account))
    if account.frozen_at is None:
        return _still_open(account, work, lines, by)
    return _after_the_close(account, lines, by, reason)


def _locked(work: WorkedTicket) -> TicketAccount:
    new = TicketAccount(ticket=work.public_id, ticket_no=work.ticket_no, type_code=work.type_code)
    TicketAccount.objects.bulk_create([new], ignore_conflicts=True)
    return TicketAccount.objects.select_for_update().get(ticket=work.public_id)


def _still_open(account: TicketAccount, work: WorkedTicket, lines: Sequence[Line], by: Actor) -> int:
    """Lines wait for their month; at the ticket's end all of them get it and the account is frozen."""
    _look_at(account, work)
    if work.status not in FINAL or work.closed_at is None:
        account.save()
        _write(account, lines, "", by)
        return len(lines)
    own = period_of(work.closed_at, cut_off())
    account.period = months.taking(own)
    _write(account, lines, account.period, by, own=own)
    waiting = MoneyLine.objects.filter(account=account, period="")
    waiting.update(period=account.period, late=account.period != own)
    account.closed_at, account.frozen_at, account.version = work.closed_at, clock.now(), 1
    account.save()
    _freeze(account, "", by)
    return len(lines)


def _after_the_close(account: TicketAccount, lines: Sequence[Line], by: Actor, reason: str) -> int:
    if not lines:
        return 0
    _write(account, lines, months.taking(account.period), by, own=account.period)
    account.version += 1
    account.save(update_fields=["version"])
    _freeze(account, reason or " ".join(sorted({one.element for one in lines})), by)
    return len(lines)


def _look_at(account: TicketAccount, work: WorkedTicket) -> None:
    """The dimensions, as the ticket has them now."""
    above = _units_above(work.org_path)
    account.type_code, account.family, account.org_path = work.type_code, work.family, work.org_path or "/"
    account.sub_branch_id = above.get("sub_branch")
    account.department_id = work.department_id or above.get("department")
    account.grid_id = work.grid_id
    account.technician_id = work.crew[0].technician_id if work.crew else work.technician_id
    account.area_class, account.cause_code, account.result = work.area_class, work.cause_code, work.result
    account.empty_trip, account.repeat_of = work.absent, work.repeat_of
    account.km = truth.km_of(work)


def _units_above(path: str) -> dict[str, int]:
    """The nodes of a path by their kind, the lowest of each."""
    ids = [int(part) for part in path.split("/") if part]
    found = people.units_by_id(ids)
    return {found[one].kind: one for one in ids if one in found}


def _said(account: TicketAccount) -> dict[str, Said]:
    """What is written, by source. One query."""
    found: dict[str, Said] = {}
    for row in MoneyLine.objects.filter(account=account).order_by("id"):
        base = rules.base_of(row.source)
        known = found.get(base)
        like = known.like if known else _as_line(row, base)
        counted = [one for one in (known.quantity if known else None, row.quantity) if one is not None]
        summed = sum(counted, Decimal(0)) if counted else None
        found[base] = Said(
            known.first if known else row.pk, (known.lines if known else 0) + 1, (known.fen if known else 0) + row.fen,
            summed, like,
        )  # fmt: skip
    return found


def _as_line(row: MoneyLine, base: str) -> Line:
    return Line(
        base, row.side, row.element, row.fen, technician_id=row.technician_id, item=row.item, category=row.category,
        quantity=row.quantity, receipt_no=row.receipt_no, note=row.note, inputs=row.inputs,
    )  # fmt: skip


def _write(account: TicketAccount, lines: Sequence[Line], month: str, by: Actor, *, own: str = "") -> None:
    """Append them: each in its own month if it has one and that is open, else in the account's."""
    now = clock.now()
    MoneyLine.objects.bulk_create(_row(account, one, _month(one, month), own, now, by) for one in lines)


def _month(line: Line, month: str) -> str:
    return months.taking(line.month) if month and line.month else month


def _row(account: TicketAccount, line: Line, month: str, own: str, now: datetime, by: Actor) -> MoneyLine:
    return MoneyLine(
        account=account, side=line.side, element=line.element, fen=line.fen, period=month,
        technician_id=line.technician_id, item=line.item, category=line.category, quantity=line.quantity,
        receipt_no=line.receipt_no, note=line.note, inputs=dict(line.inputs), source=line.source,
        reverses_id=line.reverses, late=bool(month) and month != own, by=by.ref, by_name=by.name, at=now,
    )  # fmt: skip


def _freeze(account: TicketAccount, reason: str, by: Actor) -> None:
    rows = MoneyLine.objects.filter(account=account).values_list("side", "element").annotate(total=Sum("fen"))
    AccountVersion.objects.create(
        account=account, number=account.version, totals=rules.totals(rows), reason=reason, by=by.ref, at=clock.now()
    )
