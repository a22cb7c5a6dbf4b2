"""A text message by the branch's gateway. It costs money and knows no repetition: an unclear outcome stays unclear."""

from apps.people import selectors as people
from apps.people.phone import normal_phone
from apps.tickets import selectors as tickets
from apps.wechat import selectors
from apps.wechat.errors import GatewayFailed, WeChatError
from apps.wechat.models import PushOutbox, SmsAccount
from apps.wechat.push import texts
from apps.wechat.push.channels.base import Account, Channel, Sent
from apps.wechat.push.pages import status_url, url_of
from apps.wechat.rules import sms_policy
from apps.wechat.rules.policy import Mark, Rule
from steppe.kernel.actors import SYSTEM


class Sms(Channel):
    """To the technician's own number, or to the number a customer left in the report."""

    name = "sms"
    answers = True

    def why_not(self, row: PushOutbox) -> str:
        account = selectors.sms_account()
        if account is None or not account.enabled:
            return "no_account"
        template = account.templates.get(row.template_key)
        if not template:
            return "no_template"
        if template.get("broken"):
            return "template_wrong"
        return "" if _phone(row) else "no_phone"

    def send(self, row: PushOutbox) -> Sent:
        account = selectors.sms_account()
        assert account is not None  # why_not has asked
        facts = {**row.payload, "link": status_url(row.ticket) if _is_customers(row) else url_of(row)}
        facts["token"] = facts["link"].rsplit("/", 1)[1]
        return Sent(sent_as=texts.send(account, row.template_key, phone=_phone(row), facts=facts))

    def account_of(self, row: PushOutbox) -> Account | None:
        return selectors.sms_account()

    def rule_for(self, row: PushOutbox, error: WeChatError) -> Rule:
        return sms_policy.rule_for(error.code if isinstance(error, GatewayFailed) else "")

    def remember(self, row: PushOutbox, rule: Rule, error: WeChatError) -> None:
        if rule.mark != Mark.TEMPLATE_WRONG:
            return
        locked = SmsAccount.objects.select_for_update().order_by("id").first()
        if locked and row.template_key in locked.templates:
            locked.templates[row.template_key]["broken"] = error.errmsg[:60] or "?"
            locked.save(update_fields=["templates"])


def _is_customers(row: PushOutbox) -> bool:
    return not row.technician_id


def _phone(row: PushOutbox) -> str:
    """11 digits, or nothing; read when it is needed, never kept in the row. One query."""
    if row.technician_id:
        return normal_phone(people.technician(row.technician_id).user.phone) or ""
    return normal_phone(tickets.ticket_for(SYSTEM, row.ticket).ticket.contact_phone) or ""
