"""Who may do what with costs and profit (domain.md §1.3). Scope: the path at which the role is held."""

from collections.abc import Iterable

from apps.people import roles as r
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed

# Costs and profit: the department's manager sees the own department.
MONEY_READERS = (r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
# Budgets, norms, plans' fees.
PLANNERS = (r.ACCOUNTANT, r.BRANCH_ADMIN)
# Closes a month of costs, and has an account worked out again.
COST_CLOSERS = (r.ACCOUNTANT,)
# Opens a closed month again.
COST_REOPENERS = (r.HQ_ADMIN,)
# Says what was paid on the way: the technician on the own ticket, the others for tickets in their scope.
SPENDERS = (r.TECHNICIAN, r.GRID_LEADER, r.DISPATCHER)
# Agrees to what somebody else said was paid.
EXPENSE_APPROVERS = (r.GRID_LEADER, r.DEPT_MANAGER, r.ACCOUNTANT, r.BRANCH_ADMIN)
EXPENSE_READERS = tuple(dict.fromkeys((*EXPENSE_APPROVERS, r.DISPATCHER)))


def is_whole_branch(path: str) -> bool:
    """`/` or `/1/`: the root itself."""
    return path.count("/") <= 2


def check_whole_branch(by: Actor, roles: Iterable[str]) -> None:
    """Does one of these roles stand for the branch itself, not for a part of it? Raises NotAllowed."""
    require(by, roles)
    if by.kind != "system" and not any(is_whole_branch(path) for path in by.scopes(roles)):
        raise NotAllowed


def reaches(by: Actor, roles: Iterable[str], path: str) -> bool:
    """Is one of these roles held at the node or above it?"""
    return by.kind == "system" or any(path.startswith(one) for one in by.scopes(roles))
