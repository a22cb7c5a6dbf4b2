"""A finished ticket that repeats one of a few days ago: somebody has to say whose fault it was (domain.md §5.2)."""

from collections.abc import Iterable

from apps.costing.models import RepeatReview
from apps.costing.rules.rulebook import Repeat
from apps.costing.rulesets_read import Books
from apps.costing.services._facts import counts_at
from apps.tickets.worked_read import WorkedTicket, worked_tickets
from steppe.kernel import clock

FINISHED = ("awaiting_callback", "closed")
INSTALL = "install"


def note_repeats(tickets: Iterable[WorkedTicket], books: Books) -> None:
    """Make the reviews that are missing; one for each repeat, however often it is finished. None or three queries."""
    found = {one.public_id: one for one in tickets if _repeats(one, books)}
    known = set(RepeatReview.objects.filter(ticket__in=found).values_list("ticket", flat=True)) if found else set()
    new = [one for name, one in found.items() if name not in known]
    firsts = {one.public_id: one for one in worked_tickets({one.repeat_of for one in new})} if new else {}
    rows = [
        RepeatReview(
            ticket=one.public_id, first=one.repeat_of, org_path=firsts[one.repeat_of].org_path, found_at=clock.now()
        )
        for one in new
    ]
    RepeatReview.objects.bulk_create(rows, ignore_conflicts=True)


def _repeats(ticket: WorkedTicket, books: Books) -> bool:
    """Within the days of the rules that count for it. Where nothing was wrong, nothing was done badly."""
    if not ticket.repeat_of or ticket.repeat_after is None or ticket.status not in FINISHED:
        return False
    if ticket.result == "no_fault_found" or ticket.incident:
        return False
    days = _window(ticket, books.at(counts_at(ticket)).rules.repeat)
    return ticket.repeat_after.total_seconds() <= days * 86400


def _window(ticket: WorkedTicket, rules: Repeat) -> int:
    return rules.install_days if ticket.repeat_family == INSTALL else rules.trouble_days
