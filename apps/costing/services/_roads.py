"""How far it was: from the base of the technician's unit to the customer and back, or round a trip's stops.

Without a map the road is the straight line times the branch's factor (domain.md §2.6). What the grid leader confirmed
counts instead of the estimate.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from apps.costing.models import WorkClaim
from apps.people import selectors as people
from apps.people.geo import distance_m
from apps.tickets.worked_read import Place, WorkedTicket
from tenants.context import policy

NONE = Decimal(0)
Stops = Sequence[tuple[str, Place]]


@dataclass(frozen=True)
class Road:
    """Kilometres by road: of the whole round trip, and this ticket's part `own` of `all` among those of one trip."""

    trip: Decimal = NONE
    own: Decimal = NONE
    all: Decimal = NONE

    @classmethod
    def alone(cls, km: Decimal) -> "Road":
        return cls(km, km, km)


@dataclass(frozen=True)
class Bases:
    """Where each technician sets out: the base of the unit, or of the nearest one above that has one."""

    paths: Mapping[int, str]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, technicians: Collection[int]) -> "Bases":
        """Two queries."""
        units = people.org_tree()
        paths = {one.pk: one.path for one in units}
        found = people.technicians_by_id(technicians)
        places = {
            one.path: (one.lat, one.lng)
            for one in units
            if one.lat is not None and one.lng is not None and one.kind != "branch"
        }
        return cls({who: paths[one.org_unit_id] for who, one in found.items()}, places)

    def roads(
        self,
        tickets: Iterable[WorkedTicket],
        trips: Mapping[int, Stops],
        claims: Mapping[str, WorkClaim],
    ) -> dict[str, Road]:
        """The road of each ticket. No query."""
        confirmed = {name: one.km for name, one in claims.items() if one.state == "confirmed" and one.km is not None}
        return {one.public_id: self._road(one, trips.get(one.bundle_id or 0, ()), confirmed) for one in tickets}

    def _road(self, ticket: WorkedTicket, stops: Stops, confirmed: Mapping[str, Decimal]) -> Road:
        who = ticket.crew[0].technician_id if ticket.crew else ticket.technician_id
        if who is None:
            return Road()
        if ticket.public_id not in dict(stops) or len(stops) < 2:
            said = confirmed.get(ticket.public_id)
            return self.straight(who, ticket) if said is None else Road.alone(said)
        return self._in_trip(who, ticket.public_id, stops, confirmed)

    def straight(self, who: int, ticket: WorkedTicket) -> Road:
        """There and back."""
        base = self._base(who)
        return Road.alone(_road_km([base, ticket.place, base])) if base and ticket.place else Road()

    def _in_trip(self, who: int, name: str, stops: Stops, confirmed: Mapping[str, Decimal]) -> Road:
        """Once for the trip; each stop has its part by how far it is by itself. Confirmed km are the whole trip's."""
        base = self._base(who)
        if base is None:
            return Road()
        alone = {one: _road_km([base, place, base]) for one, place in stops}
        said = [confirmed[one] for one, _place in stops if one in confirmed]
        whole = max(said) if said else _road_km([base, *(place for _one, place in stops), base])
        return Road(whole, alone[name], sum(alone.values(), NONE))

    def _base(self, who: int) -> Place | None:
        path = self.paths.get(who, "")
        above = [one for one in self.places if path.startswith(one)]
        return self.places[max(above, key=len)] if above else None


def _road_km(way: Sequence[Place]) -> Decimal:
    """Along these points, with one decimal."""
    metres = sum(distance_m(*here, *there) for here, there in pairwise(way))
    return round(Decimal(str(metres * policy().road_factor / 1000)), 1)
