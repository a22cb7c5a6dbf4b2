"""Who may look at headquarters' pages."""

from apps.people import roles as r

OVERVIEW = (r.HQ_VIEWER, r.HQ_ADMIN)
