"""Who may do what with stock (domain.md §1.3). Scope: the path at which the role is held."""

from apps.people import roles as r

KEEPERS = (r.STOREKEEPER, r.BRANCH_ADMIN)
READERS = (r.STOREKEEPER, r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
APPROVERS = (r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
ITEM_KEEPERS = (r.STOREKEEPER, r.BRANCH_ADMIN)
# Who goes out sees the own van, and what there is to ask for; not what it costs.
HANDS = (r.TECHNICIAN, r.GRID_LEADER)
# Hands goods over the counter, on a ticket of their own.
COUNTER_HANDS = (r.CLERK,)
# Says what goods are worth; another of the approvers agrees.
REVALUERS = (r.ACCOUNTANT, r.BRANCH_ADMIN)
