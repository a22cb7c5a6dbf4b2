"""What can be paid on the way, and where it is booked (domain.md §7). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.costing.rules.ticket_cost import OTHER, OUTSOURCE, TRAVEL

MOST_FEN = 100_000_000  # a million yuan: what is more is a slip of the finger


@dataclass(frozen=True)
class Kind:
    """`proof`: what must be told with it. `far`: only where the round trip was long enough for it."""

    element: str
    proof: str = "receipt_no"
    far: bool = False


KINDS: Mapping[str, Kind] = {
    "tolls": Kind(TRAVEL),
    "lodging": Kind(TRAVEL, far=True),
    "contractor": Kind(OUTSOURCE),
    "hire": Kind(OTHER),
    "compensation": Kind(OTHER, proof="note"),
    "other": Kind(OTHER),
}
PROPOSED, APPROVED, REFUSED, WITHDRAWN, REVERSED = STATES = (
    "proposed", "approved", "refused", "withdrawn", "reversed",
)  # fmt: skip
COUNTS = (PROPOSED, APPROVED)
