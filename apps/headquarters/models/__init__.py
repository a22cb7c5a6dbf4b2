"""What headquarters keeps, all of it in the public schema."""

from apps.headquarters.models.facts import DailyFact, DirtyTicket, FactDifference, FactName, FactStand, TicketFact
from apps.headquarters.models.handovers import Handover, HandoverStep
from apps.headquarters.models.months import BranchMonth, DirtyMonth, MonthDifference
from apps.headquarters.models.pulse import AppliedSeq, BranchDaily, BranchStateCount
from apps.headquarters.models.types import BranchType, TypeMapping, TypeTemplate

__all__ = [
    "AppliedSeq", "BranchDaily", "BranchMonth", "BranchStateCount", "BranchType", "DailyFact",
    "DirtyMonth", "DirtyTicket", "FactDifference", "FactName", "FactStand", "Handover",
    "HandoverStep", "MonthDifference", "TicketFact", "TypeMapping", "TypeTemplate",
]  # fmt: skip
