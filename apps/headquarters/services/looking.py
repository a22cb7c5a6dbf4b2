"""A look at one ticket of a branch: live, masked, and never without a line in that branch's audit."""

from django.db import transaction

from apps.headquarters.audit_read import Wanted
from apps.tickets.outside_read import MaskedTicket, masked_ticket
from steppe.kernel.actors import Actor
from steppe.kernel.journal_store import write_note
from tenants.context import in_branch, in_public
from tenants.models import Tenant

LOOK = "headquarters.view_ticket"
SEARCH = "headquarters.search_audit"


def look_at_ticket(*, branch: Tenant, public_id: str, by: Actor) -> MaskedTicket:
    """The ticket, and one audit line of the look in the same transaction: without the line nothing is shown.

    Raises NotAllowed, TicketNotFound.
    """
    with in_branch(branch), transaction.atomic():
        found = masked_ticket(by, public_id)
        write_note(LOOK, by, {"ticket_no": found.ticket_no}, entity="ticket", entity_id=found.id)
    return found


def note_search(*, wanted: Wanted, by: Actor) -> None:
    """Who searched whose audit for what, in headquarters' own journal."""
    asked = {
        "branch": wanted.branch, "first": wanted.first.isoformat(), "last": wanted.last.isoformat(),
        "who": bool(wanted.who), "what": wanted.what, "ticket": wanted.ticket, "before": wanted.before,
    }  # fmt: skip
    with in_public():
        write_note(SEARCH, by, asked, entity="audit", entity_id=0)
