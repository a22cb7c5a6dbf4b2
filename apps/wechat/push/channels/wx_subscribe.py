"""Subscribe notices (订阅通知): one consent, one message, followers or not. WeChat knows no repetition of them."""

from apps.wechat.calls.notices import send_notice
from apps.wechat.errors import WeChatError
from apps.wechat.models import PushOutbox, WxAccount
from apps.wechat.push import consents
from apps.wechat.push.channels.base import Account, Channel, Sent
from apps.wechat.push.channels.wx_template import recipient, switch_off
from apps.wechat.push.pages import url_of
from apps.wechat.rules import policy
from apps.wechat.rules.cards import rendered
from apps.wechat.rules.policy import Mark, Rule, Then

# 43101 means here: no consent is left. It says nothing of the template messages of the same person.
NO_CONSENT = Rule(policy.RULES[43101].error, Then.BLOCK, reason="no_consent")


class WxSubscribe(Channel):
    """A message in 服务通知 for a customer who tapped “notify me”."""

    name = "wx_subscribe"
    answers = True

    def why_not(self, row: PushOutbox) -> str:
        account = row.account
        if account is None or not account.enabled:
            return "no_account"
        notice = account.notices.get(row.template_key)
        if not notice or not notice.get("template_id"):
            return "no_template"
        if notice.get("broken"):
            return "template_wrong"
        known = recipient(row)
        if known is None:
            return "not_bound"
        held = row.consent_id or consents.has_one(account, known.openid, notice["template_id"])
        return "" if held else "no_consent"

    def prepare(self, row: PushOutbox) -> str:
        """The consent is ours before anything is sent; a try that follows another one holds it already."""
        if row.consent_id:
            return ""
        known, account = recipient(row), _account(row)
        assert known is not None
        row.consent = consents.claim(account, known.openid, account.notices[row.template_key]["template_id"])
        if row.consent is None:
            return "no_consent"
        PushOutbox.objects.filter(pk=row.pk, attempts=row.attempts).update(consent=row.consent)
        return ""

    def send(self, row: PushOutbox) -> Sent:
        assert row.consent is not None
        notice = _account(row).notices[row.template_key]
        data = rendered(notice["keywords"], row.payload)
        openid, template_id = row.consent.openid, row.consent.template_id
        msgid = send_notice(_account(row), openid=openid, template_id=template_id, data=data, page=url_of(row))
        return Sent(msgid=msgid)

    def account_of(self, row: PushOutbox) -> Account | None:
        return row.account

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        return NO_CONSENT if error.errcode == 43101 else policy.rule_for(error.errcode)

    def remember(self, row: PushOutbox, rule: Rule, error: WeChatError) -> None:
        if rule.mark == Mark.TEMPLATE_WRONG:
            switch_off(_account(row), "notices", row.template_key, error.errcode)
        if rule is NO_CONSENT:  # WeChat has used it up, whatever we believed: it is not given back
            PushOutbox.objects.filter(pk=row.pk).update(consent=None)
            row.consent = None

    def release(self, row: PushOutbox) -> None:
        if row.consent_id:
            consents.give_back(row.consent_id)


def _account(row: PushOutbox) -> WxAccount:
    assert row.account is not None
    return row.account
