"""WeCom (企业微信): a text card for a member by the branch's application, or a line by the robot of a group."""

from apps.wechat import selectors
from apps.wechat.calls import wecom
from apps.wechat.calls.channel_vault import wecom_keys
from apps.wechat.errors import WeChatError
from apps.wechat.models import PushOutbox, Status, WecomAccount
from apps.wechat.push.channels.base import Account, Channel, Sent
from apps.wechat.push.pages import url_of
from apps.wechat.rules import wecom_policy
from apps.wechat.rules.cards import CARDS
from apps.wechat.rules.policy import Rule


class Wecom(Channel):
    """For staff whose name in WeCom is entered. What WeCom takes stands in the member's list: no word follows.

    The application swallows a repetition for half an hour, because the card's address is its own; the robot does not,
    so a line of the robot is never repeated (`repeats`).
    """

    name = "wecom"

    def why_not(self, row: PushOutbox) -> str:
        account = selectors.wecom_account()
        if account is None or not account.enabled or not (_has_app(account) or account.robot_key):
            return "no_account"
        return "" if selectors.wecom_name(row.technician_id or 0) else "not_linked"

    def send(self, row: PushOutbox) -> Sent:
        account, userid = _account(), selectors.wecom_name(row.technician_id or 0)
        keys, title, text = wecom_keys(account), CARDS[row.template_key].title, _text(row)
        if not _has_app(account):
            wecom.send_to_group(keys, userid=userid, text=f"{title}\n{text}\n{url_of(row)}")
            return Sent(sent_as="robot", status=Status.DELIVERED)
        name = wecom.send_card(keys, userid=userid, title=title, text=text, url=url_of(row))
        return Sent(sent_as=name, status=Status.DELIVERED)

    def account_of(self, row: PushOutbox) -> Account | None:
        return selectors.wecom_account()

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        return wecom_policy.rule_for(error.errcode)

    def repeats(self, row: PushOutbox) -> bool:
        account = selectors.wecom_account()
        return account is not None and _has_app(account)


def _account() -> WecomAccount:
    account = selectors.wecom_account()
    assert account is not None  # why_not has asked
    return account


def _has_app(account: WecomAccount) -> bool:
    return bool(account.corpid and account.agentid and account.secret)


def _text(row: PushOutbox) -> str:
    """The card's facts as lines; nothing personal, as in every card."""
    facts = row.payload
    head = " · ".join(part for part in (facts.get("fault"), facts.get("status")) if part)
    return "\n".join(str(part) for part in (head, facts.get("area"), facts.get("number")) if part)
