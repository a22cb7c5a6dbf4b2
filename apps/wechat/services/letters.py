"""What WeChat told us and could not be taken in: tried again, or discarded with a reason.

The rows stand in `public`, so these write there and leave their row in the branch's audit afterwards; doing one twice
is harmless and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.wechat.errors import LettersGone, ReasonMissing
from apps.wechat.gateway import letters
from apps.wechat.gateway.models import Inbox
from apps.wechat.permissions import ACCOUNT_KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.journal_store import refusals_noted, write_note
from tenants.context import current_branch

REASON_MOST = 200


@dataclass(frozen=True)
class Letter:
    """A dead letter as an administrator sees it: never what it says, never whose it is in full."""

    id: int
    openid: str
    event: str
    received_at: datetime
    attempts: int
    error: str


def dead_letters(*, by: Actor) -> list[Letter]:
    """The branch's dead letters, newest first. Raises NotAllowed. One query in `public`."""
    require(by, ACCOUNT_KEEPERS)
    return [_shown(row) for row in letters.dead(current_branch().schema_name)]


def how_many_dead(*, by: Actor) -> int:
    """How many wait. Raises NotAllowed. One query in `public`."""
    require(by, ACCOUNT_KEEPERS)
    return letters.how_many(current_branch().schema_name)


def retry_letters(*, ids: Sequence[int] | None, by: Actor) -> int:
    """Try these again (None: all); how many. The caller wakes the worker. Raises NotAllowed, LettersGone."""
    told = {"ids": list(ids) if ids is not None else "all"}
    with refusals_noted("wechat.retry_letters", by, told):
        require(by, ACCOUNT_KEEPERS)
        count = letters.revive(current_branch().schema_name, ids)
        if not count and ids is not None:
            raise LettersGone
    write_note("wechat.retry_letters", by, told | {"count": count}, entity="wechat_letter", entity_id=0)
    return count


def discard_letters(*, ids: Sequence[int], reason: str, by: Actor) -> int:
    """Give these up; the reason stands in the audit. How many. Raises NotAllowed, ReasonMissing, LettersGone."""
    told = {"ids": list(ids), "reason": reason.strip()[:REASON_MOST]}
    with refusals_noted("wechat.discard_letters", by, told):
        require(by, ACCOUNT_KEEPERS)
        if not told["reason"]:
            raise ReasonMissing({"reason": [str(ReasonMissing.message)]})
        if not (count := letters.discard(current_branch().schema_name, ids)):
            raise LettersGone
    write_note("wechat.discard_letters", by, told | {"count": count}, entity="wechat_letter", entity_id=0)
    return count


def masked(openid: str) -> str:
    """The two ends of an openid: enough to tell two people apart, not enough to name one."""
    return f"{openid[:3]}…{openid[-3:]}" if len(openid) > 8 else "…"


def _shown(row: Inbox) -> Letter:
    openid = str(row.payload.get("FromUserName", ""))
    event = str(row.payload.get("Event") or row.payload.get("MsgType") or "")[:40]
    said = row.error.replace(openid, masked(openid)) if openid else row.error
    return Letter(row.pk, masked(openid), event, row.received_at, row.attempts, said)
