"""The ticket held still while a room beside it writes what belongs to it: material, say. A step of that room's command.

Not a step of the table: state and version stay, and the history is that room's own.
"""

from apps.people import roles
from apps.tickets.company import Standing, standing
from apps.tickets.errors import IllegalTransition, TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import OPEN, State
from apps.tickets.services import _steps as step
from apps.tickets.states import state_label
from steppe.kernel.actors import Actor
from steppe.kernel.db import connection

AT_WORK = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD})


def hold_own(public_id: str, *, by: Actor) -> Standing:
    """The technician's own ticket, from acceptance until it is finished: locked, after the technician.

    Raises NotAllowed, TicketNotFound, NotYourTicket, IllegalTransition.
    """
    ticket = _locked(public_id, by)
    step.check_assignee(by, ticket)
    return _in_state(ticket, AT_WORK)


def hold_entered(public_id: str, *, by: Actor) -> Standing:
    """The clerk's own ticket: what they entered at the shop, for as long as it is open. Locked, as above.

    Raises TicketNotFound (also for what a colleague entered), IllegalTransition.
    """
    ticket = _locked(public_id, by)
    if ticket.created_by != by.ref or not by.holds(roles.CLERK):
        raise TicketNotFound
    return _in_state(ticket, OPEN)


def _locked(public_id: str, by: Actor) -> Ticket:
    assert connection.in_atomic_block
    step.authorise(by, "material")
    return step.lock_ticket(public_id, by=by, action="material")


def _in_state(ticket: Ticket, states: frozenset[State]) -> Standing:
    if ticket.status not in states:
        raise IllegalTransition(state=state_label(ticket.status))
    return standing(ticket)
