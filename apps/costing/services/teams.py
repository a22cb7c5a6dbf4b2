"""Who did how much of a ticket: those who helped agree or not, the grid leader decides."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from apps.costing.errors import BadShares, NotFinished, NotInTeam, SharesDecided, TicketUnknown
from apps.costing.models import TeamAnswer, TeamDecision
from apps.costing.permissions import DECIDERS, WORKERS
from apps.costing.services._booking import hold
from apps.costing.services._scope import check_not_own, team_of, worked_in_scope
from apps.costing.services.booking import booked
from apps.costing.services.claims import FINISHED
from apps.tickets.worked_read import WorkedTicket, worked_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

WHOLE = 100


@command("costing.answer_shares")
def answer_shares(*, public_id: str, agrees: bool, note: str = "", by: Actor) -> Receipt:
    """Somebody who helped says of the shares: so it was, or not and why. Said again, the last word counts.

    Raises TicketUnknown, NotInTeam for the main technician who entered them, NotFinished, SharesDecided, BadShares.
    Locks: the ticket.
    """
    require(by, WORKERS)
    hold([public_id])
    ticket = _of_team(public_id, by)
    if not agrees and not note.strip():
        raise BadShares({"note": [_("Say what is not right, and how it was.")]})
    decided = TeamDecision.objects.filter(ticket=public_id).order_by("-id").first()
    if decided is not None:
        raise SharesDecided(name=decided.by_name)
    TeamAnswer.objects.update_or_create(
        ticket=public_id, technician_id=by.technician_id or 0,
        defaults={
            "agrees": agrees, "note": note.strip()[:200], "at": clock.now(), "org_path": ticket.org_path,
        },
    )  # fmt: skip
    return Receipt("ticket_points", ticket.id, public_id, facts={"agrees": agrees})


@command("costing.decide_shares")
def decide_shares(*, public_id: str, shares: Mapping[int, int], reason: str, by: Actor) -> Receipt:
    """Per cent by technician, for everybody of the team and exactly a hundred; the newest decision counts.

    Nobody decides about the own share. Raises TicketUnknown, OwnMatter, NotFinished, BadShares. Locks: tickets of the
    trip, months.
    """
    require(by, DECIDERS)
    hold([public_id])
    ticket = worked_in_scope(public_id, by, DECIDERS)
    team = team_of(ticket)
    check_not_own(by, team)
    if ticket.status not in FINISHED:
        raise NotFinished
    _check(shares, team, reason)
    TeamDecision.objects.create(
        ticket=public_id, shares={str(who): shares[who] for who in team}, reason=reason.strip()[:200], by=by.ref,
        by_name=by.name[:60], at=clock.now(),
    )  # fmt: skip
    TeamAnswer.objects.filter(ticket=public_id).update(settled=True)
    return booked(public_id, ticket.id, by)


def _of_team(public_id: str, by: Actor) -> WorkedTicket:
    ticket = worked_ticket(public_id)
    if ticket is None or by.technician_id not in team_of(ticket):
        raise TicketUnknown
    if ticket.status not in FINISHED:
        raise NotFinished
    if team_of(ticket)[0] == by.technician_id:
        raise NotInTeam
    return ticket


def _check(shares: Mapping[int, int], team: tuple[int, ...], reason: str) -> None:
    wrong: dict[str, list[str]] = {}
    if set(shares) != set(team) or any(not 0 <= pct <= WHOLE for pct in shares.values()):
        wrong["shares"] = [_("A share for everybody of the team, and for nobody else.")]
    elif sum(shares.values()) != WHOLE:
        wrong["shares"] = [_("The shares make %(sum)s per cent; they must make 100.") % {"sum": sum(shares.values())}]
    if not reason.strip():
        wrong["reason"] = [_("Say why: the team reads it.")]
    if wrong:
        raise BadShares(wrong)
