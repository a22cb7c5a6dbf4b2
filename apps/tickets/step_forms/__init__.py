"""The steps of a ticket as forms: which the desk has, which the technician, which the customer; in the order shown."""

from typing import TYPE_CHECKING

from apps.tickets.requests_read import may_decide
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms.asking import (
    Approve,
    AskChild,
    AskHandOver,
    AskHold,
    AskReassign,
    AskReopen,
    AskReturn,
    AskTransfer,
    AskType,
    AskVoid,
    Refuse,
    Withdraw,
)
from apps.tickets.step_forms.base import StepForm
from apps.tickets.step_forms.desk import (
    Book,
    Cancel,
    ChangePriority,
    ChangeType,
    DeclareIncident,
    LinkIncident,
    Merge,
    Reopen,
    ResolveIncident,
    Resume,
    SpawnChild,
    StartRemote,
    UnlinkIncident,
    Urge,
)
from apps.tickets.step_forms.trips import LeaveTrip, Trip
from apps.tickets.step_forms.work import (
    AddCharge,
    AddCoWorker,
    AddPhotos,
    Contact,
    FailWork,
    SettleCharge,
    TakeOffCoWorker,
)
from steppe.kernel.actors import Actor

if TYPE_CHECKING:
    from apps.tickets.models import TicketRequest

DECISIONS: tuple[type[StepForm], ...] = (Approve, Refuse, Withdraw)
DESK: tuple[type[StepForm], ...] = (
    Book, Resume, StartRemote, Urge, AskTransfer, AskHandOver, AskHold, SpawnChild, ChangeType, ChangePriority, Merge,
    LinkIncident, UnlinkIncident, DeclareIncident, ResolveIncident, Trip, LeaveTrip, Reopen, AskReopen, AskVoid, Cancel,
)  # fmt: skip
PHONE: tuple[type[StepForm], ...] = (
    Contact, Book, Resume, StartRemote, AskHold, AskChild, AskReassign, AskTransfer, AskReturn, AddPhotos, AddCharge,
    SettleCharge, AddCoWorker, TakeOffCoWorker, Trip, LeaveTrip, AskType, AskVoid, FailWork, Withdraw,
)  # fmt: skip
CUSTOMER: tuple[type[StepForm], ...] = (Urge, Book, AskReopen, Withdraw, Cancel)


def decisions(request: "TicketRequest", view: TicketView, actor: Actor) -> list[type[StepForm]]:
    """Who asked may take it back; who may decide says yes or no. No query."""
    if request.requested_by == actor.ref:
        return [Withdraw]
    return [Approve, Refuse] if may_decide(actor, request, view.ticket) else []


def offered(forms: tuple[type[StepForm], ...], view: TicketView, actor: Actor) -> list[type[StepForm]]:
    """Those that fit the ticket as it stands and the person who looks. No query."""
    return [form for form in forms if form.fits(view, actor)]


__all__ = ["CUSTOMER", "DECISIONS", "DESK", "PHONE", "StepForm", "Withdraw", "decisions", "offered"]
