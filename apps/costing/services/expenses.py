"""Tolls, lodging, an outside team: said by one person with a receipt, agreed by another, and then a line.

Locks the expense, then its ticket's account. What is approved is never changed: a counter-line takes it back.
"""

import secrets
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.events import CostsChanged
from apps.costing.models import Expense, TicketAccount
from apps.costing.money_errors import BadExpense, ExpenseNotFound, OwnExpense, SameReceipt, StaleExpense
from apps.costing.money_permissions import EXPENSE_APPROVERS, SPENDERS, reaches
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.rules.spending import APPROVED, COUNTS, KINDS, MOST_FEN, PROPOSED, REFUSED, REVERSED, WITHDRAWN
from apps.costing.services import accounts
from apps.people import roles
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.rules.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, emit

NOT_YET = (State.SUBMITTED, State.POOLED, State.ASSIGNED)


@command("costing.enter_expense")
def enter_expense(*, public_id: str, code: str, fen: int, receipt_no: str = "", note: str = "", by: Actor) -> Receipt:
    """Something was paid for this ticket; waits for somebody else's yes. Also after the ticket is closed.

    By its technician, or by who leads or dispatches there. Raises TicketNotFound, BadExpense, SameReceipt.
    """
    require(by, SPENDERS)
    ticket = tickets.ticket_for(by, public_id).ticket
    if not _is_theirs(by, ticket.technician_id, ticket.org_path) or ticket.status in NOT_YET:
        raise TicketNotFound
    _check(code, fen, receipt_no.strip(), note.strip())
    _check_receipt(code, receipt_no.strip())
    row = Expense.objects.create(
        public_id=secrets.token_urlsafe(9), ticket=public_id, element=KINDS[code].element, code=code, fen=fen,
        receipt_no=receipt_no.strip()[:40], note=note.strip()[:200], org_path=ticket.org_path,
        technician_id=ticket.technician_id, entered_by=by.ref, entered_by_name=by.name, entered_at=clock.now(),
    )  # fmt: skip
    return _receipt(row)


@command("costing.withdraw_expense")
def withdraw_expense(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """Who entered it takes it back before anybody decided. Raises ExpenseNotFound, StaleExpense."""
    require(by, SPENDERS)
    row = _locked(public_id, version, PROPOSED)
    if row.entered_by != by.ref:
        raise ExpenseNotFound
    return _step(row, WITHDRAWN)


@command("costing.approve_expense")
def approve_expense(*, public_id: str, version: int | None = None, answer: str = "", by: Actor) -> Receipt:
    """Agree to it: a line of the ticket's account at once. A night away on a short road needs a word why.

    Raises ExpenseNotFound, OwnExpense, StaleExpense, BadExpense.
    """
    row = _to_decide(public_id, version, PROPOSED, by)
    if KINDS[row.code].far and not answer.strip() and not _was_far(row.ticket):
        raise BadExpense({"answer": [_("The round trip was short for a night away. Say why it was needed.")]})
    return _decided(row, APPROVED, answer, by)


@command("costing.refuse_expense")
def refuse_expense(*, public_id: str, version: int | None = None, answer: str, by: Actor) -> Receipt:
    """Do not agree, and say why. Raises ExpenseNotFound, OwnExpense, StaleExpense, BadExpense."""
    row = _to_decide(public_id, version, PROPOSED, by)
    return _decided(row, REFUSED, _said(answer), by)


@command("costing.reverse_expense")
def reverse_expense(*, public_id: str, version: int | None = None, answer: str, by: Actor) -> Receipt:
    """Take an approved one out of the account again, by a line with the other sign.

    Raises ExpenseNotFound, OwnExpense, StaleExpense, BadExpense.
    """
    row = _to_decide(public_id, version, APPROVED, by)
    return _decided(row, REVERSED, _said(answer), by)


def _is_theirs(by: Actor, technician_id: int | None, org_path: str) -> bool:
    """The own ticket, or one in the scope of who leads or dispatches."""
    mine = by.technician_id is not None and by.technician_id == technician_id
    return mine or reaches(by, (roles.GRID_LEADER, roles.DISPATCHER), org_path)


def _check(code: str, fen: int, receipt_no: str, note: str) -> None:
    wrong: dict[str, list[str]] = {}
    if code not in KINDS:
        raise BadExpense({"code": [_("Choose what was paid.")]})
    if not 0 < fen <= MOST_FEN:
        wrong["fen"] = [_("More than nothing, and at most a million yuan.")]
    if KINDS[code].proof == "receipt_no" and not receipt_no:
        wrong["receipt_no"] = [_("The number of the receipt, please.")]
    if KINDS[code].proof == "note" and not note:
        wrong["note"] = [_("Say what for.")]
    if wrong:
        raise BadExpense(wrong)


def _check_receipt(code: str, receipt_no: str) -> None:
    """One receipt counts once, on whichever ticket."""
    same = Expense.objects.filter(code=code, receipt_no=receipt_no, state__in=COUNTS).exclude(receipt_no="").first()
    if same is not None:
        account = TicketAccount.objects.filter(ticket=same.ticket).values_list("ticket_no", flat=True).first()
        raise SameReceipt(receipt=receipt_no, ticket=account or same.ticket)


def _locked(public_id: str, version: int | None, state: str) -> Expense:
    row = Expense.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise ExpenseNotFound
    if row.state != state or (version is not None and version != row.version):
        raise StaleExpense
    return row


def _to_decide(public_id: str, version: int | None, state: str, by: Actor) -> Expense:
    """Somebody else's, in the scope of who decides."""
    require(by, EXPENSE_APPROVERS)
    path = Expense.objects.filter(public_id=public_id).values_list("org_path", flat=True).first()
    if path is None or not reaches(by, EXPENSE_APPROVERS, path):
        raise ExpenseNotFound
    row = _locked(public_id, version, state)
    if row.entered_by == by.ref or (by.technician_id is not None and by.technician_id == row.technician_id):
        raise OwnExpense
    return row


def _was_far(ticket: str) -> bool:
    km = TicketAccount.objects.filter(ticket=ticket).values_list("km", flat=True).first() or Decimal(0)
    return km > DEFAULT.rates.lodging_km


def _said(answer: str) -> str:
    if not answer.strip():
        raise BadExpense({"answer": [_("Say why.")]})
    return answer


def _decided(row: Expense, state: str, answer: str, by: Actor) -> Receipt:
    row.decided_by, row.decided_by_name, row.decided_at = by.ref, by.name, clock.now()
    row.answer = answer.strip()[:200]
    receipt = _step(row, state)
    if state in (APPROVED, REVERSED):
        accounts.settle(row.ticket, by=by, reason=row.answer or row.code)
        emit(CostsChanged(entity_id=row.pk, public_id=row.public_id, version=row.version, month=""))
    return receipt


def _step(row: Expense, state: str) -> Receipt:
    row.state, row.version = state, row.version + 1
    row.save()
    return _receipt(row)


def _receipt(row: Expense) -> Receipt:
    return Receipt("expense", row.pk, row.public_id, row.version, {"state": row.state})
