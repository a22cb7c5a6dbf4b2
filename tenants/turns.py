"""One turn of a branch at a time: while its sweep is still at work, the next one goes away again.

So a slow branch holds one worker and never all of them; the others have their turns meanwhile.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from steppe.kernel.db import connection
from tenants.context import current_branch

TURN = 0x7475726E  # "turn": the advisory locks of branches that are being swept, one for each id


@contextmanager
def turn() -> Iterator[bool]:
    """Is it ours to sweep the branch we stand in? False: somebody else is at it. Two small statements.

    The lock lives on a connection of its own, so that it is gone when its holder is, whatever the sweep does with
    ours; it is no part of any transaction.
    """
    which = [TURN, current_branch().pk]
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", which)
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", which)
