"""Text messages outside the outbox: somebody waits for them with the phone in the hand."""

from collections.abc import Mapping

from apps.people.phone import normal_phone
from apps.wechat.calls import sms
from apps.wechat.errors import SmsAway, WeChatError
from apps.wechat.models import SmsAccount
from apps.wechat.selectors import sms_account
from steppe.kernel import clock

CODE = "code"  # the name of its template in SmsAccount.templates


def send_code(*, phone: str, code: str) -> None:
    """A one-time code now; once, whatever becomes of the answer. Raises SmsAway. Two queries, one round trip."""
    account, number = sms_account(), normal_phone(phone)
    if account is None or number is None or not is_ready(account, CODE):
        raise SmsAway
    try:
        send(account, CODE, phone=number, facts={"code": code})
    except WeChatError as error:
        if not error.ambiguous:
            raise SmsAway from None


def is_ready(account: SmsAccount | None, card_key: str) -> bool:
    """Could the gateway send this now? No query."""
    if account is None or not account.enabled or card_key not in account.templates:
        return False
    return account.paused_until is None or account.paused_until <= clock.now()


def send(account: SmsAccount, card_key: str, *, phone: str, facts: Mapping[str, str]) -> str:
    """One message by the template of this card; the gateway's number. Raises WeChatError."""
    template = account.templates[card_key]
    values = [str(facts.get(name, "")) for name in template["facts"]]
    return sms.send(account, phone=phone, template_id=template["template_id"], values=values)
