"""What the main technician says of a ticket's work beside its form, and the grid leader's yes or no."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.errors import BadClaim, ClaimDecided, ClaimNotFound, NotFinished, NotMainTechnician, TicketUnknown
from apps.costing.models import WorkClaim
from apps.costing.permissions import DECIDERS, WORKERS
from apps.costing.rules.rulebook import Rulebook
from apps.costing.rulesets_read import Books
from apps.costing.services._booking import hold
from apps.costing.services._facts import counts_at
from apps.costing.services._scope import check_not_own, team_of, worked_in_scope
from apps.costing.services.booking import booked
from apps.tickets.worked_read import WorkedTicket, worked_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

FINISHED = ("awaiting_callback", "closed")
COUNTING = ("proposed", "confirmed")
MOST_KM, MOST_QUANTITY = Decimal(3000), Decimal(500)


@command("costing.claim_work")
def claim_work(
    *,
    public_id: str,
    difficulty: str = "",
    quantities: Mapping[str, Decimal] | None = None,
    km: Decimal | None = None,
    own_car: bool = False,
    evidence: str = "",
    by: Actor,
) -> Receipt:
    """How hard it was, how much more, how far: by who finished the ticket as main technician. Replaces the last one.

    What brings more counts when the grid leader has agreed. `km`: the whole round trip; `quantities`: by code of the
    rule set, of what the ticket's own form does not ask. Raises TicketUnknown, NotFinished,
    NotMainTechnician, BadClaim, ClaimDecided (what was agreed stays). Locks: tickets of the trip, claim, months.
    """
    require(by, WORKERS)
    ticket = _finished(public_id, by)
    told = {code: much for code, much in (quantities or {}).items() if much}
    _check(ticket, difficulty, told, km, evidence)
    _replace(public_id)
    WorkClaim.objects.create(
        ticket=public_id, org_path=ticket.org_path, technician_id=by.technician_id or 0, difficulty=difficulty,
        quantities={code: str(much) for code, much in told.items()}, km=km, own_car=own_car,
        evidence=evidence.strip()[:300], at=clock.now(),
    )  # fmt: skip
    return booked(public_id, ticket.id, by)


@command("costing.decide_claim")
def decide_claim(*, public_id: str, claim: int, agree: bool, answer: str = "", by: Actor) -> Receipt:
    """Yes or no of who leads there, to this very claim; a no says why. Nobody decides about the own work.

    Raises TicketUnknown, OwnMatter, ClaimNotFound, ClaimDecided, BadClaim. Locks: as above.
    """
    require(by, DECIDERS)
    hold([public_id])
    ticket = worked_in_scope(public_id, by, DECIDERS)
    check_not_own(by, team_of(ticket))
    if not agree and not answer.strip():
        raise BadClaim({"answer": [_("Say why not, so that it can be put right.")]})
    row = WorkClaim.objects.select_for_update().filter(pk=claim, ticket=public_id).first()
    if row is None or row.state == "replaced":
        raise ClaimNotFound
    if row.state != "proposed":
        raise ClaimDecided(name=row.decided_by_name)
    WorkClaim.objects.filter(pk=row.pk, state="proposed").update(
        state="confirmed" if agree else "refused", decided_by=by.ref, decided_by_name=by.name[:60],
        decided_at=clock.now(), answer=answer.strip()[:200],
    )  # fmt: skip
    return booked(public_id, ticket.id, by, state="confirmed" if agree else "refused")


def _finished(public_id: str, by: Actor) -> WorkedTicket:
    """The own finished ticket, held. Raises TicketUnknown, NotMainTechnician, NotFinished."""
    hold([public_id])
    ticket = worked_ticket(public_id)
    if ticket is None or by.technician_id not in team_of(ticket):
        raise TicketUnknown
    if team_of(ticket)[0] != by.technician_id:
        raise NotMainTechnician
    if ticket.status not in FINISHED:
        raise NotFinished
    return ticket


def _replace(public_id: str) -> None:
    """The claim before counts no more; what the grid leader agreed to stays. Raises ClaimDecided."""
    before = WorkClaim.objects.select_for_update().filter(ticket=public_id, state__in=COUNTING).first()
    if before is not None and before.state == "confirmed":
        raise ClaimDecided(name=before.decided_by_name)
    WorkClaim.objects.filter(ticket=public_id, state="proposed").update(state="replaced")


def _check(
    ticket: WorkedTicket, difficulty: str, quantities: Mapping[str, Decimal], km: Decimal | None, evidence: str
) -> None:
    """Says all that is wrong at once. Raises BadClaim."""
    book = Books.load().at(counts_at(ticket)).rules
    found = book.difficulty(difficulty) if difficulty else None
    wrong: dict[str, list[str]] = {}
    if not (difficulty or quantities or km is not None):
        wrong["difficulty"] = [_("Say at least one thing: how hard it was, how much more, or how far.")]
    if difficulty and found is None:
        wrong["difficulty"] = [_("There is no such difficulty in the rules.")]
    if km is not None and not 0 < km <= MOST_KM:
        wrong["km"] = [_("Kilometres of the whole round trip, at most %(most)s.") % {"most": MOST_KM}]
    if (km is not None or (found and found.needs_leader)) and not evidence.strip():
        wrong["evidence"] = [_("Say what shows it: a photo's number, the odometer, what was in the way.")]
    wrong |= _wrong_quantities(ticket, quantities, book)
    if wrong:
        raise BadClaim(wrong)


def _wrong_quantities(ticket: WorkedTicket, quantities: Mapping[str, Decimal], book: Rulebook) -> dict[str, list[str]]:
    asked = {one.code for one in enterable(ticket, book)}
    return {
        f"quantity.{code}": [_("A quantity that the rules know, at most %(most)s.") % {"most": MOST_QUANTITY}]
        for code, much in quantities.items()
        if code not in asked or not 0 < much <= MOST_QUANTITY
    }


def enterable(ticket: WorkedTicket, book: Rulebook):  # type: ignore[no-untyped-def]
    """The quantity items this ticket's own form does not answer. No query."""
    return [one for one in book.quantities if not any(name in ticket.outcome for name in one.fields)]
