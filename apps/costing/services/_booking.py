"""The ledger converges to the ticket's truth: what it should say less what it says is appended, and nothing else.

A step of commands, of the subscriber and of a month's calculation; it demands an open transaction. Numbered, because
the order is the order of locks (docs/locking.md):
 1. the tickets, by id, with those of the same trips: they stand still, and one at a time counts them;
 2. the months of the new entries, ascending, by FOR SHARE;
 3. the entries. Their keys say what they are, so that nothing is booked twice whoever tries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from django.db.models import Q

from apps.costing.models import WorkPointEntry
from apps.costing.rules.ledger_rules import (
    ADJUSTMENT,
    CLAWBACK,
    EARNED,
    KINDS,
    SLOTS,
    WORK,
    Missing,
    Said,
    missing,
    stage_of,
)
from apps.costing.rulesets_read import Book, Books
from apps.costing.services._facts import Facts, Valued, counts_at
from apps.costing.services._ledger import Draft, append, draft
from apps.costing.services._repeats import note_repeats
from apps.costing.services._returns import deductions_for_returns
from apps.tickets.services import hold_counted
from apps.tickets.worked_read import WorkedTicket, on_trips_with
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.db import connection


def book(public_ids: Collection[str], *, by: Actor) -> list[WorkPointEntry]:
    """Append what the ledger lacks of these tickets; names of no ticket here are passed over. What was appended.

    22 queries, however many tickets; a dozen more where something is repeated, one for a trip. Some hundreds at once
    are a good batch. Locks: see above.
    """
    assert connection.in_atomic_block
    names = hold(public_ids)
    facts, books = Facts.of(names), Books.load()
    said = _said(facts.tickets)
    drafts = [one for ticket in facts.tickets.values() for one in _drafts(ticket, facts, said, books, by)]
    deductions = deductions_for_returns(facts.tickets, books, by)
    appended = append([*drafts, *deductions], held=facts.tickets)
    note_repeats(list(facts.tickets.values()), books, said)
    return appended


def hold(public_ids: Collection[str]) -> set[str]:
    """Step 1, for commands that read before they book: all at once, so that two never wait for each other."""
    names = {*public_ids, *on_trips_with(public_ids)}
    hold_counted(names)
    return names


def _said(tickets: Mapping[str, WorkedTicket]) -> dict[str, list[Said]]:
    """What stands of each ticket's own work. One query.

    A void one has to lose all of it: what was taken back already, because it had been opened again, counts as lost.
    """
    void = [name for name, one in tickets.items() if one.status == "void"]
    own = Q(code__in=SLOTS, kind__in=KINDS) | Q(kind=CLAWBACK, ticket__in=void)
    found: dict[str, list[Said]] = defaultdict(list)
    for one in WorkPointEntry.objects.filter(own, ticket__in=tickets).order_by("id"):
        slot, kind = (WORK, ADJUSTMENT) if one.kind == CLAWBACK else (one.code, one.kind)
        said = Said(
            one.pk, one.technician_id, slot, kind, one.stage, one.points, int(one.inputs.get("round", 0)),
            one.rule_set_id,
        )  # fmt: skip
        found[one.ticket].append(said)
    return found


def _drafts(
    ticket: WorkedTicket, facts: Facts, all_said: dict[str, list[Said]], books: Books, by: Actor
) -> Iterator[Draft]:
    said = all_said.get(ticket.public_id, [])
    earned = [one for one in said if one.stage == EARNED]
    # A later version of the rules does not touch what was earned by an earlier one (domain.md §12 rule 13).
    rules = books.named(earned[0].rule_set) if earned else books.at(counts_at(ticket))
    valued = facts.valued(ticket.public_id, rules.rules)
    for row in missing(valued.due, stage_of(ticket.status, ticket.reopened, said), said):
        yield _draft(ticket, row, valued, rules, by)


def _draft(ticket: WorkedTicket, row: Missing, valued: Valued, rules: Book, by: Actor) -> Draft:
    name = ticket.public_id
    return draft(
        ticket=name, ticket_no=ticket.ticket_no, technician_id=row.technician_id, kind=row.kind, code=row.slot,
        stage=row.stage, points=row.points, rule_set_id=rules.id, corrects_id=row.corrects,
        inputs=valued.inputs.get((row.technician_id, row.slot), {"round": ticket.reopened}),
        key=f"{name}/{row.stage[0]}/{row.slot}/{row.technician_id}/{row.number}", by=by,
        moment=(ticket.closed_at or clock.now()) if row.stage == EARNED else None,
    )  # fmt: skip
