"""Who may do what with tickets (domain.md §1.3), in one table. Scope: the path at which the role is held."""

from apps.people import roles as r

ACTIONS: dict[str, tuple[str, ...]] = {
    "submit": (r.CLERK, r.AGENT, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "release": (r.AGENT, r.DISPATCHER, r.BRANCH_ADMIN),
    "place": (r.AGENT, r.DISPATCHER, r.BRANCH_ADMIN),
    "grab": (r.TECHNICIAN, r.GRID_LEADER),
    "dispatch": (r.DISPATCHER, r.GRID_LEADER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "confirm": (r.TECHNICIAN, r.GRID_LEADER),
    "decline": (r.TECHNICIAN, r.GRID_LEADER),
    "reassign": (r.DISPATCHER, r.GRID_LEADER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "check_in": (r.TECHNICIAN, r.GRID_LEADER),
    "complete": (r.TECHNICIAN, r.GRID_LEADER),
    "callback_ok": (r.CALLBACK_AGENT, r.AGENT),
    "callback_reject": (r.CALLBACK_AGENT, r.AGENT),
    "void": (r.DISPATCHER, r.BRANCH_ADMIN),
}

# Sees every ticket at or below the path of the role.
VIEWERS = (
    r.GRID_LEADER,
    r.AGENT,
    r.DISPATCHER,
    r.CALLBACK_AGENT,
    r.DEPT_MANAGER,
    r.BRANCH_ADMIN,
    r.ACCOUNTANT,
)
# Sees phone, name and full address of these tickets without being the assignee (a clerk: of the own entries).
CONTACT_VIEWERS = (
    r.GRID_LEADER,
    r.CLERK,
    r.AGENT,
    r.DISPATCHER,
    r.CALLBACK_AGENT,
    r.DEPT_MANAGER,
    r.BRANCH_ADMIN,
)
# Sees the tickets they entered themselves.
CREATORS = (r.CLERK,)
# Sees the pool of their scope, with a coarse address and without the contact.
POOL_VIEWERS = (r.TECHNICIAN, r.GRID_LEADER)
# May open the dispatch screen and its live stream.
CONSOLE = (*VIEWERS, r.CLERK)
