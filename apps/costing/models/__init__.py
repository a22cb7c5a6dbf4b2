"""The tables of work and money; one file per subject. Written by services only."""

from apps.costing.models.budgets import Budget, CostNorm
from apps.costing.models.ledger import RepeatReview, TeamAnswer, TeamDecision, WorkClaim, WorkPointEntry
from apps.costing.models.money import AccountVersion, CostPeriod, Expense, MoneyLine, MonthlyFee, TicketAccount
from apps.costing.models.rules import PointRuleSet, TryOut
from apps.costing.models.settling import (
    Dispute,
    DisputeStep,
    LineReview,
    PayBase,
    Period,
    PeriodStep,
    SettlementLine,
    SettlementRun,
)

__all__ = [
    "AccountVersion", "Budget", "CostNorm", "CostPeriod", "Dispute", "DisputeStep", "Expense", "LineReview",
    "MoneyLine", "MonthlyFee", "PayBase", "Period", "PeriodStep", "PointRuleSet", "RepeatReview", "SettlementLine",
    "SettlementRun", "TeamAnswer", "TeamDecision", "TicketAccount", "TryOut", "WorkClaim", "WorkPointEntry",
]  # fmt: skip
