"""Whom the branch calls back by telephone, and who rates by themselves (domain.md §4). Pure."""

from zlib import crc32

ALWAYS = frozenset({"complaint"})  # families of types that are always called
INSTALL = "install"
PHONE, SELF = MODES = ("phone", "self")


def mode(
    *, ticket_no: str, family: str, priority: int, reopened: bool, channel: str, repeat: bool, percent: int
) -> str:
    """`phone` or `self`. Complaints, reopened, repeated, urgent, new installations and backfilled tickets: always.

    The rest by chance that anybody can check afterwards: the ticket's number decides, not the hour of the day.
    """
    if family in ALWAYS or family == INSTALL or priority <= 1 or reopened or repeat or channel == "tech_direct":
        return PHONE
    return PHONE if crc32(ticket_no.encode()) % 100 < percent else SELF
