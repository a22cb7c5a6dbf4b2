"""What this room does by itself: with a branch's status, and at night."""

import logging

from apps.bi.rules.shapes import HEADQUARTERS
from apps.bi.services import readers
from apps.bi.site import site
from tenants.fanout import nightly
from tenants.provisioning import follows_status

log = logging.getLogger("steppe.bi")


@follows_status("bi.reader")
def open_or_shut(is_open: bool) -> None:
    """A suspended branch has no open door to its database either."""
    readers.follow_status(is_open=is_open)


@nightly("bi.readers", headquarters=True)
def agree() -> None:
    """New views reach readers that are older than they; roles whose branch is gone go, too."""
    readers.agree_grants()
    if site() == HEADQUARTERS and (gone := readers.remove_orphans()):
        log.info("readers without a branch are gone", extra={"roles": gone})
