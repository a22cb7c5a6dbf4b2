"""A ticket's account converges to the truth: what stock, points, charges and expenses say now, less what is written.

Called as often as anything happens (subscribers, commands): the same facts again write nothing. Locks the accounts,
by the tickets' names, then their months (shared); everything is read after the lock, so that two at once do not write
by what was.

- At the ticket's end (closed, cancelled, void) the account is frozen: its dimensions, its month and version 1.
- Whatever comes later is a line in the ticket's own month as long as that is open, else in the next one, marked late;
  each time the account has one version more, which says why.
- A ticket opened again keeps its frozen account: what its second end costs is later lines of the same one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.events import CostsChanged
from apps.costing.models import MoneyLine, TicketAccount
from apps.costing.money_errors import AccountNotFound, BadPlan
from apps.costing.money_permissions import COST_CLOSERS, check_whole_branch
from apps.costing.rules import account_lines as rules
from apps.costing.rules.account_lines import Line, Said
from apps.costing.rules.periods import period_of
from apps.costing.services import _truth as truth
from apps.costing.services._periods import cut_off
from apps.costing.services._sheet import Sheet
from apps.costing.services._sources import Sources
from apps.people import selectors as people
from apps.tickets.rules.workflow import FINAL
from apps.tickets.worked_read import Standing, WorkedTicket, standings_of, worked_tickets
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
    """One ticket's; how many lines were written."""
    return settle_all([public_id], by=by, reason=reason)


def settle_all(
    public_ids: Collection[str], *, held: Mapping[str, WorkedTicket] | None = None, by: Actor = SYSTEM, reason: str = ""
) -> int:
    """Write what these accounts lack, in the transaction we stand in; how many lines.

    Some thirty queries, however many tickets; some hundreds at once are a good batch. A ticket that is under way and
    has cost nothing gets no account; names of no ticket here are passed over. `held`: what the caller has read of
    tickets that it holds; the others are read here.
    """
    assert connection.in_atomic_block
    accounts = _locked(_costing(standings_of(public_ids)))
    if not accounts:
        return 0
    works, sources, said = _works(accounts, held or {}), Sources.of(accounts), _said(accounts.values())
    units, sheet = _units_of(works), Sheet(by)
    for work in works:
        account = accounts[work.public_id]
        lines = rules.missing(truth.lines_of(work, sources), said.get(account.pk, {}))
        if account.frozen_at is None:
            _look_at(account, work, truth.km_of(work, sources), units)
            _still_open(sheet, account, work, lines)
        elif lines:
            _after_the_close(sheet, account, lines, reason)
    sheet.write()
    return len(sheet.lines)


def _works(names: Collection[str], held: Mapping[str, WorkedTicket]) -> list[WorkedTicket]:
    missing = [name for name in names if name not in held]
    return [*(held[name] for name in names if name in held), *(worked_tickets(missing) if missing else ())]


def _costing(standings: Sequence[Standing]) -> list[Standing]:
    """Those that have ended, have an account, or have cost something."""
    under_way = [one.public_id for one in standings if not one.ended]
    known = (
        set(TicketAccount.objects.filter(ticket__in=under_way).values_list("ticket", flat=True)) if under_way else ()
    )
    new = [name for name in under_way if name not in known]
    sources = Sources.of(new)
    costing = {one.public_id for one in worked_tickets(new) if truth.lines_of(one, sources)} if new else set()
    return [one for one in standings if one.ended or one.public_id in known or one.public_id in costing]


def _locked(standings: Sequence[Standing]) -> dict[str, TicketAccount]:
    """By name, made if there was none. In the order of their names, whoever asks."""
    names = [one.public_id for one in standings]
    if not names:
        return {}
    new = [TicketAccount(ticket=one.public_id, ticket_no=one.ticket_no, type_code=one.type_code) for one in standings]
    TicketAccount.objects.bulk_create(new, ignore_conflicts=True)
    held = TicketAccount.objects.select_for_update().filter(ticket__in=names).order_by("ticket")
    return {one.ticket: one for one in held}


def _still_open(sheet: Sheet, account: TicketAccount, work: WorkedTicket, lines: Sequence[Line]) -> None:
    """Lines wait for their month; at the ticket's end all of them get it and the account is frozen."""
    if work.status not in FINAL or work.closed_at is None:
        sheet.add(account, lines, "")
        sheet.keep(account)
        return
    own = period_of(work.closed_at, cut_off())
    account.period = sheet.month(own)
    account.closed_at, account.frozen_at, account.version = work.closed_at, clock.now(), 1
    sheet.add(account, lines, account.period, own)
    sheet.close(account, own)


def _after_the_close(sheet: Sheet, account: TicketAccount, lines: Sequence[Line], reason: str) -> None:
    sheet.add(account, lines, sheet.month(account.period), account.period)
    account.version += 1
    sheet.version(account, reason or " ".join(sorted({one.element for one in lines})))


def _look_at(account: TicketAccount, work: WorkedTicket, km: Decimal, units: Mapping[int, str]) -> None:
    """The dimensions, as the ticket has them now."""
    above = {units[one]: one for one in _ids(work.org_path) if one in units}  # the lowest of each kind
    account.type_code, account.family, account.org_path = work.type_code, work.family, work.org_path or "/"
    account.sub_branch_id = above.get("sub_branch")
    account.department_id = work.department_id or above.get("department")
    account.grid_id = work.grid_id
    account.technician_id = work.crew[0].technician_id if work.crew else work.technician_id
    account.area_class, account.cause_code, account.result = work.area_class, work.cause_code, work.result
    account.empty_trip, account.repeat_of, account.km = work.absent, work.repeat_of, km


def _units_of(works: Iterable[WorkedTicket]) -> dict[int, str]:
    """The kinds of all nodes above these tickets. One query."""
    found = people.units_by_id({one for work in works for one in _ids(work.org_path)})
    return {pk: unit.kind for pk, unit in found.items()}


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _said(accounts: Collection[TicketAccount]) -> dict[int, dict[str, Said]]:
    """What is written, by account and source. One query."""
    found: dict[int, dict[str, Said]] = defaultdict(dict)
    for row in MoneyLine.objects.filter(account__in=accounts).order_by("id"):
        base, of_account = rules.base_of(row.source), found[row.account_id]
        of_account[base] = _more_said(of_account.get(base), row, base)
    return found


def _more_said(known: Said | None, row: MoneyLine, base: str) -> Said:
    if known is None:
        return Said(row.pk, 1, row.fen, row.quantity, _as_line(row, base))
    counted = [one for one in (known.quantity, row.quantity) if one is not None]
    summed = sum(counted, Decimal(0)) if counted else None
    return Said(known.first, known.lines + 1, known.fen + row.fen, summed, known.like)


def _as_line(row: MoneyLine, base: str) -> Line:
    return Line(
        base, row.side, row.element, row.fen, technician_id=row.technician_id, item=row.item, category=row.category,
        quantity=row.quantity, receipt_no=row.receipt_no, note=row.note, inputs=row.inputs,
    )  # fmt: skip
