"""T15 add work: who helped and with which share, and what the customer pays; and both taken back."""

from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from apps.people import selectors as people_reads
from apps.people.errors import TechnicianNotFound
from apps.tickets.errors import BadShares, FeeOpen, NoHelper, NoOpenCharge, SameTechnician
from apps.tickets.events import WorkAdded
from apps.tickets.models import Assignment, Charge, Ticket
from apps.tickets.services import _steps as step
from apps.tickets.wording import SENTENCES
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Invalid

WHOLE = 100
SETTLED = ("receipt", "waived", "mistake")


@command("tickets.add_co_worker")
def add_co_worker(
    *, public_id: str, technician_id: int, share_pct: int, version: int | None = None, by: Actor
) -> Receipt:
    """Somebody helped: their share of the work points; the main assignee keeps the rest. Said twice: the last counts.

    Raises TechnicianNotFound, SameTechnician, BadShares.
    """
    ticket = _at_work(public_id, version, by)
    if technician_id == ticket.technician_id:
        raise SameTechnician(name=by.name)
    found = people_reads.technicians_by_id([technician_id]).get(technician_id)
    if found is None:
        raise TechnicianNotFound
    if not 1 <= share_pct < WHOLE:
        raise BadShares({"share_pct": [str(BadShares.message)]})
    Assignment.objects.update_or_create(
        ticket_id=ticket.pk, technician_id=technician_id, ended_at=None,
        defaults={"role": "assist", "share_pct": share_pct, "mode": "assist", "started_at": clock.now()},
    )  # fmt: skip
    _share_out(ticket)
    return _added(ticket, by, {"co_worker": found.user.name, "share_pct": share_pct})


@command("tickets.take_off_co_worker")
def take_off_co_worker(*, public_id: str, technician_id: int, version: int | None = None, by: Actor) -> Receipt:
    """They did not help after all: their share is the main assignee's again, the history keeps it. Raises NoHelper."""
    ticket = _at_work(public_id, version, by)
    helpers = Assignment.objects.filter(ticket_id=ticket.pk, role="assist", ended_at__isnull=True)
    helper = helpers.filter(technician_id=technician_id).select_related("technician__user").first()
    if helper is None:
        raise NoHelper
    helper.delete()
    _share_out(ticket)
    return _added(ticket, by, {"co_worker": helper.technician.user.name, "share_pct": 0})


@command("tickets.add_charge")
def add_charge(
    *,
    public_id: str,
    code: str,
    name: str,
    quantity: Decimal = Decimal(1),
    unit_fen: int,
    receipt_no: str = "",
    waived_why: str = "",
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """One line of what the customer pays, in fen; with the receipt's number, or waived with a reason.

    Raises Invalid for a quantity of nothing and a negative price.
    """
    ticket = _at_work(public_id, version, by)
    if quantity <= 0:
        raise Invalid({"quantity": [_("More than nothing, please.")]})
    if unit_fen < 0:
        raise Invalid({"unit_fen": [str(SENTENCES["least"]) % {"limit": 0}]})
    amount = int((quantity * unit_fen).to_integral_value())
    Charge.objects.create(
        ticket_id=ticket.pk, code=code, name=name[:60], quantity=quantity, unit_fen=unit_fen, amount_fen=amount,
        receipt_no=receipt_no.strip()[:40], waived=bool(waived_why.strip()), waived_why=waived_why.strip()[:200],
        entered_by=by.ref, entered_at=clock.now(),
    )  # fmt: skip
    return _added(ticket, by, {"charge": code, "amount_fen": amount, "waived": bool(waived_why.strip())})


@command("tickets.settle_charge")
def settle_charge(
    *, public_id: str, charge_id: int, how: str, said: str, version: int | None = None, by: Actor
) -> Receipt:
    """What became of a charge that waits: `said` is the receipt's number, why it is waived, or why it was a mistake.

    A mistake is taken off; the history keeps it. Raises NoOpenCharge, Invalid for what says nothing.
    """
    ticket, said = _at_work(public_id, version, by), said.strip()
    if how not in SETTLED:
        raise Invalid({"how": [str(SENTENCES["choice"])]})
    _check_said(how, said)
    charge = open_charges(ticket.pk).filter(id=charge_id).first()
    if charge is None:
        raise NoOpenCharge
    what = {"charge": charge.code, "amount_fen": charge.amount_fen, "waived": how == "waived", "settled": how}
    if how == "mistake":
        charge.delete()
    elif how == "waived":
        Charge.objects.filter(id=charge.pk).update(waived=True, waived_why=said)
    else:
        Charge.objects.filter(id=charge.pk).update(receipt_no=said)
    return _added(ticket, by, what, reason=said)


def open_charges(ticket_id: int) -> QuerySet[Charge]:
    """What the customer shall pay and nobody has a receipt for yet. No query by itself."""
    return Charge.objects.filter(ticket_id=ticket_id, waived=False, receipt_no="").order_by("id")


def _check_said(how: str, said: str) -> None:
    longest = 40 if how == "receipt" else 200
    if not said:
        raise Invalid({"said": [str(SENTENCES["missing"])]})
    if len(said) > longest:
        raise Invalid({"said": [str(SENTENCES["longest"]) % {"limit": longest}]})


def check_charges(ticket: Ticket) -> None:
    """Every fee has a receipt or was waived. Raises FeeOpen. One query."""
    if open_charges(ticket.pk).filter(amount_fen__gt=0).exists():
        raise FeeOpen


def check_shares(ticket: Ticket) -> None:
    """All shares make a whole. Raises BadShares. One query."""
    if _total(ticket) != WHOLE:
        raise BadShares


def _at_work(public_id: str, version: int | None, by: Actor) -> Ticket:
    step.authorise(by, "add_work")
    ticket = step.lock_ticket(public_id, by=by, action="add_work", version=version)
    step.check_assignee(by, ticket)
    return ticket


def _share_out(ticket: Ticket) -> None:
    """The main assignee has what the others leave."""
    active = Assignment.objects.filter(ticket_id=ticket.pk, ended_at__isnull=True)
    helped = active.filter(role="assist").aggregate(total=Sum("share_pct"))["total"] or 0
    if helped >= WHOLE:
        raise BadShares({"share_pct": [str(BadShares.message)]})
    active.filter(role="main").update(share_pct=WHOLE - helped)


def _total(ticket: Ticket) -> int:
    active = Assignment.objects.filter(ticket_id=ticket.pk, ended_at__isnull=True)
    return active.aggregate(total=Sum("share_pct"))["total"] or 0


def _added(ticket: Ticket, by: Actor, what: dict[str, object], *, reason: str = "") -> Receipt:
    before = step.stay(ticket, "add_work")
    step.record(ticket, "add_work", before, by, reason=reason, data=what)
    step.announce(WorkAdded, ticket, before)
    return step.receipt(ticket)
