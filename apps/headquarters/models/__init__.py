"""What headquarters keeps, all of it in the public schema."""

from apps.headquarters.models.facts import DailyFact, DirtyTicket, FactDifference, FactName, FactStand, TicketFact
from apps.headquarters.models.handovers import Handover, HandoverStep
from apps.headquarters.models.pulse import AppliedSeq, BranchDaily, BranchStateCount

__all__ = [
    "AppliedSeq", "BranchDaily", "BranchStateCount", "DailyFact", "DirtyTicket", "FactDifference", "FactName",
    "FactStand", "Handover", "HandoverStep", "TicketFact",
]  # fmt: skip
