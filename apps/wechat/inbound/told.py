"""One callback as the handlers read it: everything in it is hostile until it was read here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.wechat.models import WxAccount

Payload = dict[str, Any]
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Malformed(ValueError):
    """A field is not what WeChat says it is. The callback ends as a dead letter; nothing of it was taken in."""


@dataclass(frozen=True)
class Told:
    """What WeChat told this branch; `cause` is its name, the same for every repetition."""

    account: WxAccount
    payload: Payload
    cause: str

    @property
    def openid(self) -> str:
        """Who it is about."""
        return self.text("FromUserName", most=64)

    @property
    def at(self) -> datetime:
        """When it happened, by WeChat's clock. Raises Malformed."""
        try:
            return datetime.fromtimestamp(int(self.text("CreateTime", most=12)), UTC)
        except (ValueError, OverflowError, OSError):
            raise Malformed("CreateTime") from None

    @property
    def kind(self) -> str:
        """The event's name, or the kind of message."""
        return kind_of(self.payload)

    def text(self, name: str, *, most: int) -> str:
        """A field's text; "" when it is not there. Raises Malformed for two of one name, parts inside, or too long."""
        value = self.payload.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most:
            raise Malformed(name)
        return value

    def number(self, name: str) -> float:
        """A field's number. Raises Malformed; infinite and nan are none."""
        try:
            found = float(self.text(name, most=40))
        except ValueError:
            raise Malformed(name) from None
        if found != found or found in (float("inf"), float("-inf")):
            raise Malformed(name)
        return found

    def whole(self, name: str) -> int:
        """A field's whole number that fits a column. Raises Malformed."""
        return whole(self.text(name, most=20), name)

    @property
    def media_id(self) -> str:
        """The name of what was sent. Raises Malformed."""
        found = self.text("MediaId", most=128)
        if not MEDIA_ID.fullmatch(found):
            raise Malformed("MediaId")
        return found


def whole(text: object, name: str) -> int:
    """A whole number of at most 63 bits. Raises Malformed."""
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63):
        raise Malformed(name)
    return int(text)


def kind_of(payload: Payload) -> str:
    """The event's name for an event, else the kind of message: a message cannot call itself an event."""
    kind = payload.get("MsgType")
    found = payload.get("Event") if kind == "event" else kind
    return found if isinstance(found, str) else ""


def rows_in(payload: Payload, names: Iterable[str]) -> list[Payload]:
    """The rows below one of these tags: `List` of one row is parsed as that row, and may be missing at all."""
    for name in names:
        outer = payload.get(name)
        for inner in outer if isinstance(outer, list) else [outer]:
            found = inner.get("List") if isinstance(inner, dict) else None
            if isinstance(found, dict):
                return [found]
            if isinstance(found, list):
                return [one for one in found if isinstance(one, dict)]
    return []
