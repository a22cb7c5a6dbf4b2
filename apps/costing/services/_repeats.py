"""A finished ticket that repeats one of a few days ago, or a paid one that was opened again (T20): somebody has to say
whose fault it was (domain.md §3.2, §5.2)."""

from collections.abc import Collection, Mapping, Sequence

from apps.costing.models import RepeatReview, WorkPointEntry
from apps.costing.rules.ledger_rules import EARNED, SLOTS, Said, reopened_after_pay
from apps.costing.rules.rulebook import Repeat
from apps.costing.rulesets_read import Books
from apps.costing.services._facts import counts_at
from apps.tickets.worked_read import WorkedTicket, worked_tickets
from steppe.kernel import clock

FINISHED = ("awaiting_callback", "closed")
INSTALL = "install"


def note_repeats(
    tickets: Collection[WorkedTicket], books: Books, said: Mapping[str, Sequence[Said]]
) -> None:  # fmt: skip
    """Make the reviews that are missing; one for each ticket, however often it is finished or opened again. None or
    three queries. `said`: what stood in the ledger."""
    firsts = {
        one.public_id: one.public_id
        for one in tickets
        if reopened_after_pay(one.status, one.reopened, said.get(one.public_id, ()))
    }
    firsts |= {one.public_id: one.repeat_of for one in tickets if _repeats(one, books)}
    known = set(RepeatReview.objects.filter(ticket__in=firsts).values_list("ticket", flat=True)) if firsts else set()
    new = {name: first for name, first in firsts.items() if name not in known}
    paths = {one.public_id: one.org_path for one in worked_tickets(set(new.values()))} if new else {}
    rows = [
        RepeatReview(ticket=name, first=first, org_path=paths[first], found_at=clock.now())
        for name, first in new.items()
    ]
    RepeatReview.objects.bulk_create(rows, ignore_conflicts=True)


def paid_for(public_ids: Collection[str]) -> dict[str, list[int]]:
    """By ticket who was paid for it, whoever has it now. One query, none for no ticket."""
    rows = WorkPointEntry.objects.filter(ticket__in=public_ids, stage=EARNED, code__in=SLOTS).order_by("id")
    found: dict[str, list[int]] = {}
    for name, who in rows.values_list("ticket", "technician_id"):
        if who not in found.setdefault(name, []):
            found[name].append(who)
    return found


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
