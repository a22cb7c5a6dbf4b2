"""Who lets systems of others in, and looks after what is sent to them."""

from apps.people import roles as r

KEEPERS = (r.BRANCH_ADMIN,)
