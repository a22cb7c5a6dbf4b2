"""Who may do what with tickets (domain.md §1.3), in one table. Scope: the path at which the role is held."""

from apps.people import roles as r

_WORKERS = (r.TECHNICIAN, r.GRID_LEADER)
_DESK = (r.DISPATCHER, r.BRANCH_ADMIN)
_LEADERS = (r.DISPATCHER, r.GRID_LEADER, r.DEPT_MANAGER, r.BRANCH_ADMIN)

ACTIONS: dict[str, tuple[str, ...]] = {
    "submit": (r.CLERK, r.AGENT, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "release": (r.AGENT, *_DESK),
    "place": (r.AGENT, *_DESK),
    "grab": _WORKERS,
    "dispatch": _LEADERS,
    "confirm": _WORKERS,
    "decline": _WORKERS,
    "reassign": _LEADERS,
    "transfer": (r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "hand_over": (),
    "let_go": (r.BRANCH_ADMIN,),
    "return": _LEADERS,
    "book": (r.AGENT, r.DISPATCHER),
    "contact": _WORKERS,
    "hold": _LEADERS,
    "resume": _DESK,
    "check_in": _WORKERS,
    "start_remote": (r.AGENT,),
    "add_work": _WORKERS,
    "complete": _WORKERS,
    "fail_work": _WORKERS,
    "callback_ok": (r.CALLBACK_AGENT, r.AGENT),
    "callback_reject": (r.CALLBACK_AGENT, r.AGENT),
    "reopen": (r.CALLBACK_AGENT, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "cancel": (r.CLERK, r.AGENT, *_DESK),
    "void": (r.AGENT, *_DESK),
    "merge": (r.AGENT, r.DISPATCHER),
    "link_incident": (r.AGENT, r.DISPATCHER),
    "resolve_incident": _DESK,
    "unlink_incident": (r.AGENT, r.DISPATCHER),
    "spawn_child": _LEADERS,
    "urge": (r.CLERK, r.AGENT, r.DISPATCHER, r.CALLBACK_AGENT),
    "change_type": (r.AGENT, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "change_priority": (r.AGENT, r.GRID_LEADER, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "archive": (),
    "request_reassign": _WORKERS,
    "request_transfer": (r.GRID_LEADER, r.AGENT, r.DISPATCHER, r.BRANCH_ADMIN, r.DEPT_MANAGER),
    "request_hand_over": _DESK,
    "request_return": _WORKERS,
    "request_hold": (r.GRID_LEADER, r.DISPATCHER),
    "request_void": (r.GRID_LEADER,),
    "request_child": _WORKERS,
    "request_type": _WORKERS,
    "request_reopen": (r.AGENT, r.DISPATCHER),
    "refuse": (*_LEADERS, r.CALLBACK_AGENT),
    "withdraw": (r.GRID_LEADER, r.CLERK, r.AGENT, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "exempt": (r.BRANCH_ADMIN, r.DEPT_MANAGER),
    "compensate": (r.BRANCH_ADMIN,),
    "attach": (r.GRID_LEADER, r.CLERK, r.AGENT, r.DISPATCHER, r.CALLBACK_AGENT, r.DEPT_MANAGER, r.BRANCH_ADMIN),
    "detach": _DESK,
    "material": (*_WORKERS, r.CLERK),
}
# No steps of the table: they leave the state as it is and are possible in every one.
MARKS = frozenset({"exempt", "compensate", "attach", "detach", "material"})
# What only the assignee does, wherever the ticket lies; and what the assignee may do besides these roles.
OWN = frozenset({
    "confirm", "decline", "contact", "check_in", "add_work", "complete", "fail_work", "request_return",
    "request_type", "request_child", "request_reassign", "material",
})  # fmt: skip
OWN_TOO = frozenset({
    "book", "resume", "start_remote", "request_hold", "request_transfer", "request_void", "withdraw", "attach",
})  # fmt: skip
# What these do with the tickets they entered themselves, besides the roles of the action.
ENTERED_TOO: dict[str, tuple[str, ...]] = {"request_hold": (r.AGENT,)}
# What the customer does with an own report.
CUSTOMERS = ("book", "cancel", "urge", "request_reopen", "withdraw")

# Looks at what waits for a decision: who asks and who decides.
ASKERS = tuple(dict.fromkeys((*ACTIONS["withdraw"], *ACTIONS["refuse"])))

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
# Publishes, switches and orders the types of the whole branch; reads what every version demands and pays.
TYPE_KEEPERS = (r.BRANCH_ADMIN,)
# Decides the branch's clocks, waves and calendar.
SETTINGS_KEEPERS = (r.BRANCH_ADMIN,)
# Compares who took what: of the own unit, and of the units below.
FAIRNESS_READERS = (r.GRID_LEADER, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN)
TYPE_READERS = (*_WORKERS, r.DISPATCHER, r.CALLBACK_AGENT, r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
# Looks at single tickets of branches from outside, masked, each look in the branch's audit.
OUTSIDERS = (r.HQ_VIEWER, r.HQ_ADMIN)
# Takes over what another branch would hand over, or does not.
ARRIVALS = (r.BRANCH_ADMIN,)
# Sees what goes to and comes from other branches.
HANDOVER_READERS = (r.DISPATCHER, r.BRANCH_ADMIN)
