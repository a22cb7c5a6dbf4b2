"""Who may look at headquarters' pages."""

from apps.people import roles as r

OVERVIEW = (r.HQ_VIEWER, r.HQ_ADMIN)
# Begins hand-overs between branches and decides where a case goes that a branch would hand over.
HANDOVERS = (r.HQ_ADMIN,)
# Follows them.
HANDOVER_READERS = OVERVIEW
# Says what branches' own types count as, and publishes templates.
TEMPLATES = (r.HQ_ADMIN,)
# Reads the figures of the own branch, or of the part of it where the role is held.
REPORTS = (r.BRANCH_ADMIN, r.DEPT_MANAGER, r.DISPATCHER, r.ACCOUNTANT)
# Searches the audit of a branch.
AUDIT = (r.HQ_ADMIN,)
# Sets a branch's place on the map.
PLACERS = (r.HQ_ADMIN,)
