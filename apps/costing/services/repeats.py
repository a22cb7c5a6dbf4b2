"""Was the repeat the fault of the first visit's workmanship? Who leads there decides once; then it is taken back."""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.errors import BadDecision, ReviewDecided, ReviewNotFound
from apps.costing.models import RepeatReview, WorkPointEntry
from apps.costing.permissions import DECIDERS
from apps.costing.rules.ledger_rules import CLAWBACK, EARNED
from apps.costing.rules.sharing import rounded
from apps.costing.rulesets_read import Book, Books
from apps.costing.services._booking import book as book_tickets
from apps.costing.services._booking import hold
from apps.costing.services._facts import WORKMANSHIP, counts_at
from apps.costing.services._ledger import Draft, append, draft
from apps.costing.services._repeats import paid_for
from apps.costing.services._scope import check_not_own, reaches, team_of
from apps.costing.services.booking import booked, tell_costs
from apps.tickets.worked_read import WorkedTicket, worked_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

OTHER = "other"
CAUSES = (WORKMANSHIP, OTHER)
KEPT = ("deduction", CLAWBACK)  # what is not the visit's pay


@command("costing.decide_repeat")
def decide_repeat(*, public_id: str, cause: str, note: str, by: Actor) -> Receipt:
    """`cause` of the repeat `public_id`: the first visit's workmanship, or anything other. Once, with a note.

    Of a ticket that was opened again the first visit is its own. Workmanship: everything the first visit paid is taken
    back from everybody who had a share, in the open month; who mends the own work again earns nothing for it. Not by
    who worked on either. Raises ReviewNotFound, OwnMatter,
    ReviewDecided, BadDecision. Locks: both tickets and those of their trips, the review, months.
    """
    require(by, DECIDERS)
    if cause not in CAUSES or not note.strip():
        told = {"note": [_("Say what was found on site.")]} if cause in CAUSES else {"cause": [_("Choose the cause.")]}
        raise BadDecision(told)
    seen = RepeatReview.objects.filter(ticket=public_id).first()
    if seen is None or not reaches(by, seen.org_path, DECIDERS):
        raise ReviewNotFound
    hold([public_id, seen.first])
    tickets = {one.public_id: one for one in worked_tickets([public_id, seen.first])}
    paid = paid_for([seen.first] if seen.reopened else ()).get(seen.first, [])
    check_not_own(by, [*paid, *(who for one in tickets.values() for who in team_of(one))])
    _decide(seen, cause, note, by)
    if cause == WORKMANSHIP:
        _claw_back(tickets[seen.first], public_id, note, by)
    return booked(public_id, tickets[public_id].id, by, cause=cause)


def _decide(review: RepeatReview, cause: str, note: str, by: Actor) -> None:
    """The state check stands in the UPDATE's own WHERE."""
    decided = RepeatReview.objects.filter(pk=review.pk, state="open").update(
        state=cause, note=note.strip()[:300], decided_by=by.ref, decided_by_name=by.name[:60], decided_at=clock.now()
    )
    if not decided:
        raise ReviewDecided(name=RepeatReview.objects.get(pk=review.pk).decided_by_name)


def _claw_back(first: WorkedTicket, repeat: str, note: str, by: Actor) -> None:
    """One entry for each who was paid for it, against their first one; the ledger knows all of it by then."""
    book_tickets([first.public_id], by=by)
    rules = Books.load().at(counts_at(first))
    paid: dict[int, list[WorkPointEntry]] = defaultdict(list)
    for one in WorkPointEntry.objects.filter(ticket=first.public_id, stage=EARNED).order_by("id"):
        if one.kind not in KEPT and one.code != "taken_back":
            paid[one.technician_id].append(one)
    drafts = [_taken(first, repeat, rows, rules, note, by) for rows in paid.values()]
    append([one for one in drafts if one is not None])
    tell_costs(first.public_id, first.id)


def _taken(
    first: WorkedTicket, repeat: str, paid: list[WorkPointEntry], rules: Book, note: str, by: Actor
) -> Draft | None:
    points = rounded(sum((one.points for one in paid), Decimal(0)) * rules.rules.repeat.clawback)
    if points <= 0:
        return None
    return draft(
        technician_id=paid[0].technician_id, kind=CLAWBACK, code=WORKMANSHIP, points=-points,
        key=f"{first.public_id}/c/{repeat}/{paid[0].technician_id}", by=by, moment=clock.now(),
        ticket=first.public_id, ticket_no=first.ticket_no, corrects_id=paid[0].pk, reason=note.strip()[:300],
        inputs={"repeat": repeat}, rule_set_id=rules.id,
    )  # fmt: skip
