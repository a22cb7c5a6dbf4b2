"""The status link of a report without an account: signed for one branch, good for thirty days.

The signing alone: which page shows it, and what it says of an old link, is the face's matter.
"""

from django.core import signing

from tenants.context import current_branch

LIFE_S = 30 * 24 * 3600


def token_for(public_id: str) -> str:
    """The signed name of a ticket."""
    return signing.dumps(public_id, salt=_salt())


def ticket_of(token: str, *, max_age: int = LIFE_S) -> str | None:
    """The ticket a token stands for; None for an old, changed or foreign one."""
    try:
        return str(signing.loads(token, salt=_salt(), max_age=max_age))
    except signing.BadSignature:
        return None


def _salt() -> str:
    # The branch's uuid, not its schema: a restore changes the schema's name.
    return f"steppe.mobile.status:{current_branch().uuid}"
