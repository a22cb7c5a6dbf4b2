"""Bonuses and deductions that a leader enters, and takes back: a code, a reason, never for oneself."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.errors import AlreadyTakenBack, BadEntry, EntryNotFound, NeedsReviewer, NotByHand
from apps.costing.models import WorkPointEntry
from apps.costing.permissions import DECIDERS, REVIEWERS
from apps.costing.rules.sharing import rounded
from apps.costing.rulesets_read import Book, Books
from apps.costing.services._ledger import append, draft
from apps.costing.services._scope import check_person, reaches, team_of, worked_in_scope
from apps.costing.services.booking import tell_costs
from apps.people import selectors as people
from apps.people import services as people_services
from apps.tickets.worked_read import WorkedTicket
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

BONUS, DEDUCTION, ADJUSTMENT = "bonus", "deduction", "adjustment"
MERIT = "merit"  # the one code of a bonus by hand
TAKEN_BACK = "taken_back"
MOST_BONUS = Decimal(20)
AUTOMATIC = ("no_contact", "late_return")


@command("costing.enter_points")
def enter_points(
    *,
    technician_id: int,
    kind: str,
    reason: str,
    code: str = "",
    points: Decimal | None = None,
    ticket: str = "",
    by: Actor,
) -> Receipt:
    """A bonus of so many points, or the deduction of this code: its points stand in the rules. Into the open month.

    `ticket` (its name) where it is about one. Raises TechnicianNotFound, OwnMatter, TicketUnknown, NeedsReviewer,
    BadEntry. Locks: the technician, the month.
    """
    require(by, DECIDERS)
    check_person(by, technician_id, DECIDERS)
    about = worked_in_scope(ticket, by, DECIDERS) if ticket else None
    book = Books.load().at(clock.now())
    worth = _worth(kind, code, points, book, by)
    _check(reason, about, technician_id)
    people_services.lock_technicians(technician_id)
    key = f"hand/{technician_id}/{WorkPointEntry.objects.filter(technician_id=technician_id).count()}"
    [entry] = append([
        draft(
            technician_id=technician_id, kind=kind, code=code if kind == DEDUCTION else MERIT, points=worth, key=key,
            by=by, moment=clock.now(), ticket=about.public_id if about else "",
            ticket_no=about.ticket_no if about else "", reason=reason.strip()[:300], rule_set_id=book.id,
        )
    ])  # fmt: skip
    return _entered(entry)


@command("costing.take_back_points")
def take_back_points(*, entry: int, reason: str, by: Actor) -> Receipt:
    """A bonus or a deduction, also an automatic one, was a mistake: the same with the other sign, once.

    By the department's manager or the administrator, and not by who gains by it. Raises EntryNotFound, OwnMatter,
    NotByHand, AlreadyTakenBack, BadEntry. Locks: the technician, the month.
    """
    require(by, REVIEWERS)
    found = WorkPointEntry.objects.select_related("technician").filter(pk=entry).first()
    path = people.path_of_technician(found.technician_id) if found else None
    if found is None or path is None or not reaches(by, path, REVIEWERS):
        raise EntryNotFound
    check_person(by, found.technician_id, REVIEWERS)
    if not reason.strip():
        raise BadEntry({"reason": [_("Say why: who it concerns reads it.")]})
    if found.kind != DEDUCTION and (found.kind, found.code) != (BONUS, MERIT):
        raise NotByHand
    people_services.lock_technicians(found.technician_id)
    key = f"back/{found.pk}"
    if WorkPointEntry.objects.filter(key=key).exists():
        raise AlreadyTakenBack
    [undone] = append([
        draft(
            technician_id=found.technician_id, kind=ADJUSTMENT, code=TAKEN_BACK, points=-found.points, key=key, by=by,
            moment=clock.now(), ticket=found.ticket, ticket_no=found.ticket_no, reason=reason.strip()[:300],
            corrects_id=found.pk,
        )
    ])  # fmt: skip
    return _entered(undone)


def _worth(kind: str, code: str, points: Decimal | None, book: Book, by: Actor) -> Decimal:
    """With its sign. Raises BadEntry, NeedsReviewer."""
    if kind == BONUS:
        if points is None or not 0 < points <= MOST_BONUS or points != round(points, 2):
            told = _("Points of a bonus: more than nothing, at most %(most)s, two places.") % {"most": MOST_BONUS}
            raise BadEntry({"points": [told]})
        return rounded(points)
    found = book.rules.deduction(code) if kind == DEDUCTION and code not in AUTOMATIC else None
    if found is None:
        raise BadEntry({"code": [_("Choose one of the deductions of the rules.")]})
    if found.review and not by.holds(*REVIEWERS):
        raise NeedsReviewer
    return rounded(-found.points)


def _check(reason: str, about: WorkedTicket | None, technician_id: int) -> None:
    wrong: dict[str, list[str]] = {}
    if not reason.strip():
        wrong["reason"] = [_("Say why: who it concerns reads it.")]
    if about is not None and technician_id not in {*team_of(about), *about.visits}:
        wrong["ticket"] = [_("This person did not work on that ticket.")]
    if wrong:
        raise BadEntry(wrong)


def _entered(entry: WorkPointEntry) -> Receipt:
    tell_costs(entry.ticket)
    facts = {"points": str(entry.points), "period": entry.period}
    return Receipt("work_point_entry", entry.pk, entry.ticket, facts=facts)
