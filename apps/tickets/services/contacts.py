"""Looking at a contact is an act of its own: each look leaves an audit row (PIPL)."""

from apps.tickets import selectors
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed


@command("tickets.reveal_contact")
def reveal_contact(*, public_id: str, by: Actor) -> Receipt:
    """Show a ticket's phone number to who may see it. The number itself is not in the receipt: it is not stored twice.

    Raises TicketNotFound, NotAllowed.
    """
    view = selectors.ticket_for(by, public_id)
    if not view.reveal:
        raise NotAllowed
    return Receipt("ticket", view.ticket.pk, public_id, view.ticket.version)
