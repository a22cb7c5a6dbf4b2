"""Who may read what about people (domain.md §1.3). Scope: the path at which the role is held."""

from apps.people import roles as r

# Sees who is on duty, with how many tickets, at or below the path of the role.
TECHNICIAN_VIEWERS = (r.GRID_LEADER, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN)
