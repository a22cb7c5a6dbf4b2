"""The status link of a report without an account: signed for one branch, good for thirty days."""

from django.core import signing
from django.urls import reverse

from apps.mobile.errors import LinkExpired
from tenants.context import current_branch

LIFE_S = 30 * 24 * 3600


def link_for(public_id: str) -> str:
    """The address under which the reporter can follow the ticket."""
    return reverse("mobile:status", kwargs={"token": signing.dumps(public_id, salt=_salt())})


def read(token: str) -> str:
    """The ticket a link stands for. Raises LinkExpired for an old, changed or foreign one."""
    try:
        return str(signing.loads(token, salt=_salt(), max_age=LIFE_S))
    except signing.BadSignature as error:
        raise LinkExpired from error


def _salt() -> str:
    # The branch's uuid, not its schema: a restore changes the schema's name.
    return f"steppe.mobile.status:{current_branch().uuid}"
