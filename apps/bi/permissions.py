"""Who reads reports from outside, and who lets a database reader in. Scope: the path at which the role is held."""

from apps.people import roles as r
from steppe.kernel.actors import Actor

# The tickets, the stock, the points and the money of their part: who may read all of them on the pages.
READERS = (r.ACCOUNTANT, r.DEPT_MANAGER, r.BRANCH_ADMIN)
HQ_READERS = (r.HQ_VIEWER, r.HQ_ADMIN)
ALL_READERS = (*READERS, *HQ_READERS)
# The database's reader sees the whole branch, so only who answers for the whole branch makes one; and takes back
# tokens of others.
KEEPERS = (r.BRANCH_ADMIN, r.HQ_ADMIN)


def is_whole(path: str) -> bool:
    """`/` or `/1/`: the root itself."""
    return path.count("/") <= 2


def may_connect(actor: Actor) -> bool:
    return actor.kind in {"staff", "hq"} and actor.holds(*ALL_READERS)


def keeps_the_reader(actor: Actor) -> bool:
    """Held for the whole branch (or headquarters), not for a part of it."""
    return any(is_whole(path) for path in actor.scopes(KEEPERS))
