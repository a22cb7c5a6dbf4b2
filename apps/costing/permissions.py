"""Who may do what with points and money (domain.md §1.3). Scope: the path at which the role is held."""

from apps.people import roles as r

# Reads the points of everybody at or below the path; a technician reads the own ones and nobody's else.
READERS = (r.GRID_LEADER, r.DEPT_MANAGER, r.ACCOUNTANT, r.BRANCH_ADMIN)
# Decides about claims, shares and repeats, enters bonuses and deductions; never in a matter of one's own.
DECIDERS = (r.GRID_LEADER, r.DEPT_MANAGER, r.BRANCH_ADMIN)
# Enters a deduction that needs a second look (20 points and more), and takes entries by hand back.
REVIEWERS = (r.DEPT_MANAGER, r.BRANCH_ADMIN)
# Works on tickets and says what the work was.
WORKERS = (r.TECHNICIAN, r.GRID_LEADER)

# -- settlement: nobody sees a colleague's pay but who has to look at it
SETTLERS = (r.ACCOUNTANT, r.BRANCH_ADMIN)  # calculate, publish, export
PRICERS = (r.ACCOUNTANT,)  # what a point is worth, base pay
SETTLEMENT_READERS = (r.GRID_LEADER, r.DEPT_MANAGER, r.ACCOUNTANT, r.BRANCH_ADMIN)
MONTH_APPROVERS = (r.BRANCH_ADMIN,)  # approve and lock
UNLOCKERS = (r.HQ_ADMIN,)
DISPUTE_ANSWERERS = (r.GRID_LEADER,)  # of a dispute
DISPUTE_DECIDERS = (r.DEPT_MANAGER,)  # where it goes on
# Who looks at a line on each level: the level's own role, and the one above where nobody else of the level can.
LOOKERS = {
    "grid_leader": (r.GRID_LEADER, r.DEPT_MANAGER),
    "dept_manager": (r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "accountant": (r.ACCOUNTANT, r.BRANCH_ADMIN),
}
