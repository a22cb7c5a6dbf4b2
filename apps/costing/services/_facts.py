"""The facts of tickets as the formula takes them: what tickets say, and what people said beside it. Reads only.

Everything is read once for a batch: eight queries besides those of `worked_tickets`, however many tickets.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from apps.costing.models import RepeatReview, TeamDecision, WorkClaim
from apps.costing.rules import points as formula
from apps.costing.rules.ledger_rules import EARN, ROAD, VISIT, VISIT_ROAD, WAITING, WORK, Due
from apps.costing.rules.points import Share, Work, Worked
from apps.costing.rules.rulebook import Rulebook
from apps.costing.services._roads import Bases, Road
from apps.tickets.worked_read import WorkedTicket, stops_of_trips, worked_tickets
from steppe.kernel import clock

WORKMANSHIP = "workmanship"
SLOT_OF = {formula.EARN: WORK, formula.TRAVEL: ROAD, formula.BONUS: WAITING}
VISIT_SLOT_OF = {formula.EARN: VISIT, formula.TRAVEL: VISIT_ROAD}


@dataclass(frozen=True)
class Valued:
    """What a ticket pays whom, and by slot what it was worked out from (`inputs` of an entry)."""

    due: tuple[Due, ...]
    inputs: Mapping[tuple[int, str], dict[str, Any]]


@dataclass(frozen=True)
class Facts:
    """A batch of tickets with what belongs to them."""

    tickets: Mapping[str, WorkedTicket]
    claims: Mapping[str, WorkClaim]
    decisions: Mapping[str, TeamDecision]
    same: Collection[str]
    roads: Mapping[str, Road]
    bases: Bases

    @classmethod
    def of(cls, public_ids: Collection[str], *, also: Collection[int] = ()) -> "Facts":
        """Read them, and where these technicians set out besides. Who writes holds the tickets: they stand still."""
        tickets = {one.public_id: one for one in worked_tickets(public_ids)}
        counting = WorkClaim.objects.filter(ticket__in=tickets, state__in=("proposed", "confirmed"))
        claims = {one.ticket: one for one in counting}
        decided = TeamDecision.objects.filter(ticket__in=tickets).order_by("id")
        bases = Bases.of({*_everybody(tickets.values()), *also})
        trips = stops_of_trips({one.bundle_id for one in tickets.values() if one.bundle_id is not None})
        roads = bases.roads(tickets.values(), trips, claims)
        return cls(tickets, claims, {one.ticket: one for one in decided}, _same(tickets), roads, bases)

    def valued(self, public_id: str, book: Rulebook) -> Valued:
        """What the ticket is worth by these rules, whatever its state."""
        ticket = self.tickets[public_id]
        work = self.work(ticket, book)
        due, inputs = _dues(ticket, work, formula.worked(work, book), SLOT_OF)
        for visit in self._visits(ticket, work):
            more, theirs = _dues(ticket, visit, formula.worked(visit, book), VISIT_SLOT_OF)
            due, inputs = (*due, *more), inputs | theirs
        return Valued(due, inputs)

    def work(self, ticket: WorkedTicket, book: Rulebook) -> Work:
        """The facts of the formula."""
        claim, road = self.claims.get(ticket.public_id), self.roads[ticket.public_id]
        nothing = _nothing(ticket)
        return Work(
            type_code=ticket.type_code, base_points=ticket.base_points, result=ticket.result, remote=ticket.remote,
            absent=ticket.absent or (nothing in (formula.INCIDENT, "handed_over") and ticket.on_site), nothing=nothing,
            area_class=ticket.area_class, priority=ticket.priority, by_order=_by_order(ticket),
            worked_at=ticket.worked_at, day=ticket.day, used_pct=ticket.used_pct, score=ticket.satisfaction,
            quantities=book.counted(ticket.outcome, _quantities(claim)), difficulty=_difficulty(claim, book),
            waiting_bonus_pct=ticket.waiting_bonus_pct, shares=self._shares(ticket), trip_km=road.trip, own_km=road.own,
            all_km=road.all, repeat="same" if ticket.public_id in self.same else "",
        )  # fmt: skip

    def _shares(self, ticket: WorkedTicket) -> tuple[Share, ...]:
        """As the grid leader decided for just these people, else as the main technician entered them."""
        shares = tuple(Share(one.technician_id, one.share_pct) for one in ticket.crew)
        if ticket.technician_id and ticket.technician_id not in {one.technician_id for one in shares}:
            return (Share(ticket.technician_id, 100),)  # nobody finished it: who had it when it ended
        decided = self.decisions.get(ticket.public_id)
        told = {int(who): int(pct) for who, pct in decided.shares.items()} if decided else {}
        if set(told) != {one.technician_id for one in shares}:
            return shares
        return tuple(replace(one, pct=told[one.technician_id]) for one in shares)

    def _visits(self, ticket: WorkedTicket, work: Work) -> Iterator[Work]:
        """Who was there before it became somebody else's: once each, and not who finished it after all."""
        if ticket.status == "void":
            return
        crew = {one.technician_id for one in work.shares}
        for who in dict.fromkeys(ticket.visits):
            if who not in crew:
                road = self.bases.straight(who, ticket)
                yield Work(
                    type_code=ticket.type_code, absent=True, area_class=ticket.area_class, shares=(Share(who, 100),),
                    trip_km=road.trip, own_km=road.own, all_km=road.all,
                )  # fmt: skip


def shares_of(ticket: WorkedTicket, decided: TeamDecision | None = None) -> tuple[Share, ...]:
    """Who has which share of a ticket now, the main technician first. No query."""
    known = {ticket.public_id: decided} if decided else {}
    return Facts({}, {}, known, (), {}, Bases({}, {}))._shares(ticket)


def _dues(
    ticket: WorkedTicket, work: Work, found: Worked, slots: Mapping[str, str]
) -> tuple[tuple[Due, ...], dict[tuple[int, str], dict[str, Any]]]:
    inputs = _inputs(ticket, work, found)
    due = tuple(
        Due(part.technician_id, slots[part.kind], _kind(part.kind, ticket), part.points) for part in found.parts
    )
    everybody = {(one.technician_id, slot): inputs for one in work.shares for slot in slots.values()}
    return due, everybody


def _kind(kind: str, ticket: WorkedTicket) -> str:
    """A report of an outage earns nothing: a visit there to see that it works again is paid as a way (§12 rule 18)."""
    return formula.TRAVEL if kind == EARN and ticket.incident else kind


def _inputs(ticket: WorkedTicket, work: Work, found: Worked) -> dict[str, Any]:
    """What an entry keeps: the facts, each number of the formula, and how often the ticket had come back."""
    return {
        "work": work.body(), "factors": [[one.code, str(one.value), one.detail] for one in found.factors],
        "total": str(found.total), "round": ticket.reopened,
    }  # fmt: skip


def _nothing(ticket: WorkedTicket) -> str:
    """Why the formula does not apply; empty where it does (domain.md §5.2, special cases).

    A parent whose technician was on site did work of its own; handled from a desk, the work is its children's.
    """
    if ticket.status == "void":
        return "merged" if ticket.duplicate else "void"
    if ticket.incident:
        return formula.INCIDENT
    if ticket.result == "transferred":
        return "handed_over"
    if ticket.status == "cancelled" and not ticket.absent:
        return "void"
    return "parent" if ticket.parent and not ticket.on_site else ""


def _by_order(ticket: WorkedTicket) -> bool:
    return ticket.accept_mode == "dispatch" or ticket.priority <= 1 or ticket.booked


def _quantities(claim: WorkClaim | None) -> dict[str, Decimal]:
    """What a person only says counts when another has agreed."""
    if claim is None or claim.state != "confirmed":
        return {}
    return {code: Decimal(much) for code, much in claim.quantities.items()}


def _difficulty(claim: WorkClaim | None, book: Rulebook) -> str:
    """What needs the grid leader counts once they confirmed it."""
    found = book.difficulty(claim.difficulty) if claim else None
    if claim is None or found is None or (found.needs_leader and claim.state != "confirmed"):
        return ""
    return found.code


def _everybody(tickets: Iterable[WorkedTicket]) -> Iterator[int]:
    for one in tickets:
        yield from (worker.technician_id for worker in one.crew)
        yield from one.visits
        if one.technician_id:
            yield one.technician_id


def _same(tickets: Mapping[str, WorkedTicket]) -> set[str]:
    """Of these the repeats whose cause was the own workmanship: who mends it again did so before. Two queries.

    One that was opened again earns nothing more in any case.
    """
    rows = RepeatReview.objects.filter(ticket__in=tickets, state=WORKMANSHIP).exclude(first=F("ticket"))
    firsts = dict(rows.values_list("ticket", "first"))
    crews = {one.public_id: {w.technician_id for w in one.crew} for one in worked_tickets(set(firsts.values()))}
    return {
        name for name, first in firsts.items()
        if (main := _main(tickets[name])) is not None and main in crews.get(first, set())
    }  # fmt: skip


def _main(ticket: WorkedTicket) -> int | None:
    return ticket.crew[0].technician_id if ticket.crew else ticket.technician_id


def counts_at(ticket: WorkedTicket) -> datetime:
    """The moment whose rules count for the ticket: when it was finished, else when it ended."""
    return ticket.finished_at or ticket.closed_at or clock.now()
