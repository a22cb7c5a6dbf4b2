"""Who may do what with the rules of points and with the hours (domain.md §1.3). Scope: the path of the role."""

from apps.people import roles as r

# What counts is nobody's secret; what may come is for who works on it.
RULE_READERS = (r.TECHNICIAN, r.GRID_LEADER, r.DISPATCHER, r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
RULE_DESK = tuple(role for role in RULE_READERS if role != r.TECHNICIAN)
RULE_WRITERS = (r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
RULE_PUBLISHERS = (r.BRANCH_ADMIN,)
# Trying out shows what everybody earned: for who sees the whole branch's points anyway.
RULE_TRIERS = (r.ACCOUNTANT, r.BRANCH_ADMIN)
HOUR_READERS = (r.GRID_LEADER, r.DEPT_MANAGER, r.ACCOUNTANT, r.BRANCH_ADMIN)
RANKED = (r.TECHNICIAN, r.GRID_LEADER)
