"""The page of a report for the holder of a signed link."""

from django.urls import reverse

from apps.mobile.errors import LinkExpired
from apps.tickets import status_links

LIFE_S = status_links.LIFE_S


def link_for(public_id: str) -> str:
    """The address under which the reporter can follow the ticket."""
    return reverse("mobile:status", kwargs={"token": status_links.token_for(public_id)})


def read(token: str) -> str:
    """The ticket a link stands for. Raises LinkExpired for an old, changed or foreign one."""
    found = status_links.ticket_of(token, max_age=LIFE_S)
    if found is None:
        raise LinkExpired
    return found
