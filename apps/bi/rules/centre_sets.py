"""Headquarters' sets: counts by branch, never a ticket. A new one needs a view (docs/adding/a-bi-view.md)."""

from apps.bi.rules.shapes import HEADQUARTERS, RowSet, columns

BRANCHES = RowSet(
    "Branches", "bi_hq_branch_v1", "the branches", ("branch_code",), site=HEADQUARTERS,
    columns=columns("""
        branch_code text code
        branch_name text name
        branch_name_en text English name
        branch_status text `active`, `suspended`, …
        counted_at moment? newest change that is counted in
    """),
)  # fmt: skip
DAYS = RowSet(
    "BranchDays", "bi_hq_day_v1", "what happened in a branch on a day", ("branch_code", "business_day", "metric"),
    site=HEADQUARTERS,
    columns=columns("""
        branch_code text branch
        business_day day day
        metric text what was counted: opened, closed, voided, overdue
        n int how many
    """),
)  # fmt: skip
STATES = RowSet(
    "BranchStates", "bi_hq_state_v1", "how many tickets of a branch stand in a state now", ("branch_code", "status"),
    site=HEADQUARTERS,
    columns=columns("""
        branch_code text branch
        status text state
        n int how many
    """),
)  # fmt: skip
