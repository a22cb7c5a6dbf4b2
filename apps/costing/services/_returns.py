"""What is taken off for a ticket that was taken and given back: not called in time, or too late (domain.md §5.2)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from apps.costing.models import WorkPointEntry
from apps.costing.rules.sharing import rounded
from apps.costing.rulesets_read import Books
from apps.costing.services._ledger import Draft, draft
from apps.tickets.worked_read import Returned, WorkedTicket, returns_of
from steppe.kernel.actors import Actor

DEDUCTION = "deduction"
NO_CONTACT, LATE_RETURN = "no_contact", "late_return"
LATE = timedelta(hours=2)  # after accepting; the code's own words say so


def deductions_for_returns(tickets: Mapping[str, WorkedTicket], books: Books, by: Actor) -> list[Draft]:
    """Those that are missing: one for each time. Their own month is that of the return. One query or two."""
    due = [
        one for name, returns in returns_of(tickets).items() for one in _due(tickets[name], returns, books, by)
    ]  # fmt: skip
    keys = [one.entry.key for one in due]
    known = set(WorkPointEntry.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    return [one for one in due if one.entry.key not in known]


def _due(ticket: WorkedTicket, returns: list[Returned], books: Books, by: Actor) -> Iterator[Draft]:
    for one in returns:
        book, code = books.at(one.at), _code(one)
        found = book.rules.deduction(code)
        if found is not None and found.points:
            yield draft(
                technician_id=one.technician_id, kind=DEDUCTION, code=code, points=rounded(-found.points),
                key=f"{ticket.public_id}/{code}/{one.version}", by=by, moment=one.at, ticket=ticket.public_id,
                ticket_no=ticket.ticket_no, rule_set_id=book.id,
            )  # fmt: skip


def _code(one: Returned) -> str:
    """Which deduction; empty for none."""
    if one.silent:
        return NO_CONTACT
    late = one.accepted_at is not None and one.at - one.accepted_at > LATE
    return LATE_RETURN if late else ""
