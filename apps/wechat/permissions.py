"""Who may do what with the branch's ways to a phone."""

from apps.people import roles

ACCOUNT_KEEPERS = (roles.BRANCH_ADMIN,)
CODE_KEEPERS = (roles.BRANCH_ADMIN, roles.GRID_LEADER)  # a grid leader those of the own grid
