"""WeChat's template messages (类目模板消息): to followers, repeatable by client_msg_id, with a receipt."""

from datetime import datetime

from apps.wechat import selectors
from apps.wechat.calls.client import client_for
from apps.wechat.errors import WeChatError
from apps.wechat.models import Known, PushOutbox, WxAccount
from apps.wechat.push.channels.base import Account, Channel, Sent
from apps.wechat.push.pages import url_of
from apps.wechat.rules import policy
from apps.wechat.rules.cards import rendered
from apps.wechat.rules.policy import Mark, Rule
from steppe.kernel import clock


class WxTemplate(Channel):
    """The card in the chat of the branch's service account."""

    name = "wx_template"
    repeatable = True
    answers = True

    def why_not(self, row: PushOutbox) -> str:
        return why_not(row.account, recipient(row), row.template_key)

    def prepare(self, row: PushOutbox) -> str:
        """After seven days without this template one card tries again, and only one."""
        known, template_id = _known(row), _template_id(row)
        if template_id not in known.refused:
            return ""
        return "" if _renew(known, template_id) else Mark.TEMPLATE_REFUSED

    def send(self, row: PushOutbox) -> Sent:
        template = _account(row).templates[row.template_key]
        msgid = client_for(_account(row)).send_template(
            openid=_known(row).openid, template_id=template["template_id"], url=url_of(row),
            data=rendered(template["keywords"], row.payload), client_msg_id=row.client_msg_id,
        )  # fmt: skip
        return Sent(msgid=msgid)

    def account_of(self, row: PushOutbox) -> Account | None:
        return row.account

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        return policy.rule_for(error.errcode)

    def remember(self, row: PushOutbox, rule: Rule, error: WeChatError) -> None:
        if rule.mark == Mark.TEMPLATE_WRONG:
            switch_off(_account(row), "templates", row.template_key, error.errcode)
        known = recipient(row)
        if known is None:  # unbound while we were sending: there is nobody to remember it of
            return
        if rule.mark == Mark.NOT_FOLLOWING:
            type(known)._default_manager.filter(pk=known.pk).update(followed=False)
        if rule.mark == Mark.TEMPLATE_REFUSED:
            _set_refused(known, {**known.refused, _template_id(row): _until()})

    def arrived(self, row: PushOutbox) -> None:
        """The template is switched on again, or was never off."""
        known, template_id = recipient(row), _template_id(row)
        if known is not None and template_id in known.refused:
            _set_refused(known, {name: at for name, at in known.refused.items() if name != template_id})


def recipient(row: PushOutbox) -> Known | None:
    """The person as the row's account knows them. Up to one query."""
    if row.account is None:
        return None
    if row.staff_id:
        return selectors.binding_of_staff(row.account, row.staff_id)
    if row.technician_id:
        return selectors.binding_of_technician(row.account, row.technician_id)
    return selectors.identity_of_customer(row.account, row.customer_id or 0)


def why_not(account: WxAccount | None, known: Known | None, card_key: str) -> str:
    """The reason why this person cannot get this card by template message now, or nothing. No query."""
    if account is None or not account.enabled:
        return "no_account"
    template = account.templates.get(card_key)
    if not template:
        return "no_template"
    if template.get("broken"):
        return "template_wrong"
    if known is None:
        return "not_bound"
    if not known.followed:
        return "not_following"
    until = known.refused.get(template["template_id"])
    return "template_refused" if until and datetime.fromisoformat(until) > clock.now() else ""


def switch_off(account: WxAccount, pool: str, card_key: str, errcode: int | None) -> None:
    """A wrong template fails for everybody: no further card of this kind until somebody has set it up anew.

    Locks the account's row. `pool` is `templates` or `notices`.
    """
    locked = WxAccount.objects.select_for_update().get(pk=account.pk)
    getattr(locked, pool)[card_key]["broken"] = errcode
    locked.save(update_fields=[pool])


def _account(row: PushOutbox) -> WxAccount:
    assert row.account is not None  # why_not has asked
    return row.account


def _known(row: PushOutbox) -> Known:
    known = recipient(row)
    assert known is not None
    return known


def _template_id(row: PushOutbox) -> str:
    return str(_account(row).templates[row.template_key]["template_id"])


def _until() -> str:
    return (clock.now() + policy.REFUSED_FOR).isoformat()


def _renew(known: Known, template_id: str) -> int:
    """Put the mark seven days on, unless another card did so since we looked."""
    rows = type(known)._default_manager.filter(pk=known.pk, refused=known.refused)
    return rows.update(refused={**known.refused, template_id: _until()})


def _set_refused(known: Known, refused: dict[str, str]) -> None:
    type(known)._default_manager.filter(pk=known.pk).update(refused=refused)
