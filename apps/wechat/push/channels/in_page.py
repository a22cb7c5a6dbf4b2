"""The list on the person's own page: always on, the truth that every other channel only points to.

Whom a wave chose and who has a ticket finds it there, so this is a derived state: a row for each person would say what
PushCandidate and the ticket say already. Whoever writes such a row all the same finds it delivered at once.
"""

from apps.wechat.errors import WeChatError
from apps.wechat.models import PushOutbox, Status
from apps.wechat.push.channels.base import Account, Channel, Sent
from apps.wechat.rules.policy import UNKNOWN, Rule


class InPage(Channel):
    """Delivered by standing there."""

    name = "in_page"
    repeatable = True

    def why_not(self, row: PushOutbox) -> str:
        return ""

    def send(self, row: PushOutbox) -> Sent:
        return Sent(status=Status.DELIVERED)

    def account_of(self, row: PushOutbox) -> Account | None:
        return None

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        return UNKNOWN
