"""Every write of this room, one file per kind of use case."""

from apps.costing.services._booking import book
from apps.costing.services.booking import book_ticket
from apps.costing.services.by_hand import enter_points, take_back_points
from apps.costing.services.claims import claim_work, decide_claim
from apps.costing.services.repeats import decide_repeat
from apps.costing.services.teams import answer_shares, decide_shares

__all__ = [
    "answer_shares", "book", "book_ticket", "claim_work", "decide_claim", "decide_repeat", "decide_shares",
    "enter_points", "take_back_points",
]  # fmt: skip
