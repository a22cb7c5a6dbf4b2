"""What a way to a phone must be able to do. Delivery asks nothing else of it."""

from dataclasses import dataclass
from typing import ClassVar

from apps.wechat.errors import WeChatError
from apps.wechat.models import PushOutbox, SmsAccount, Status, WecomAccount, WxAccount
from apps.wechat.rules.policy import Rule

Account = WxAccount | WecomAccount | SmsAccount


@dataclass(frozen=True)
class Sent:
    """What the other side said: its number or name of the message, and whether a word about delivery will follow."""

    msgid: int | None = None
    sent_as: str = ""
    status: Status = Status.ACCEPTED


class Channel:
    """One way to a phone, named by `PushOutbox.channel`.

    `repeatable`: the same message sent twice within eight minutes is one on the phone. `answers`: the other side tells
    later whether it arrived.
    """

    name: ClassVar[str]
    repeatable: ClassVar[bool] = False
    answers: ClassVar[bool] = False

    def why_not(self, row: PushOutbox) -> str:
        """Why this person cannot get this card here now, or nothing. Changes nothing; up to three queries."""
        raise NotImplementedError

    def repeats(self, row: PushOutbox) -> bool:
        """Is a repetition of this message harmless? Up to one query."""
        return self.repeatable

    def prepare(self, row: PushOutbox) -> str:
        """Take what the message needs, in a transaction of its own; why it cannot be had, or nothing."""
        return ""

    def send(self, row: PushOutbox) -> Sent:
        """Send now; no transaction is open. Raises WeChatError."""
        raise NotImplementedError

    def account_of(self, row: PushOutbox) -> Account | None:
        """Whose pause and trouble a failure belongs to. Up to one query."""
        raise NotImplementedError

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        """What follows this failure."""
        raise NotImplementedError

    def remember(self, row: PushOutbox, rule: Rule, error: WeChatError) -> None:
        """Keep for the next card what this failure says of the person or the template."""

    def arrived(self, row: PushOutbox) -> None:
        """The other side took it: what stood against the person is over."""

    def release(self, row: PushOutbox) -> None:
        """It ended and surely nothing was sent: give back what `prepare` took."""
