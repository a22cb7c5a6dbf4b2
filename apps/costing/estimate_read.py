"""What a ticket in the pool would about pay somebody: done in time by one, without a rating. No promise."""

from dataclasses import dataclass, replace
from decimal import Decimal

from apps.costing.rules.points import NOTHING, Share, worked
from apps.costing.rulesets_read import Books
from apps.costing.services._facts import Facts
from steppe.kernel import clock
from steppe.kernel.actors import Actor

IN_TIME = Decimal(100)


@dataclass(frozen=True)
class Estimate:
    """Points of the work with what waiting added, and of the way from the own base."""

    work: Decimal
    road: Decimal
    km: Decimal

    @property
    def total(self) -> Decimal:
        return self.work + self.road


def estimate_for(actor: Actor, public_id: str) -> Estimate | None:
    """For a ticket that tickets have shown to this technician; None where it would pay nothing. About 18 queries."""
    facts = Facts.of([public_id], also=[actor.technician_id] if actor.technician_id else [])
    ticket = facts.tickets.get(public_id)
    if ticket is None or actor.technician_id is None:
        return None
    book, road = Books.load().at(clock.now()).rules, facts.bases.straight(actor.technician_id, ticket)
    work = replace(
        facts.work(ticket, book), result="done", absent=False, remote=False, shares=(Share(actor.technician_id, 100),),
        used_pct=IN_TIME, score=None, worked_at=clock.now(), trip_km=road.trip, own_km=road.own, all_km=road.all,
    )  # fmt: skip
    if work.nothing in NOTHING:
        return None
    found = worked(work, book)
    way = sum((one.points for one in found.parts if one.kind == "travel"), Decimal(0))
    return Estimate(sum((one.points for one in found.parts), Decimal(0)) - way, way, road.trip)
