"""Trying a channel for real, and what to do when it does not work."""

from dataclasses import dataclass

from apps.people.phone import normal_phone
from apps.wechat import channel_words as words
from apps.wechat import selectors
from apps.wechat.calls import wecom
from apps.wechat.calls.channel_vault import WecomKeys, wecom_keys
from apps.wechat.errors import GatewayFailed, RecipientGone, RecipientRefused, WeChatError
from apps.wechat.models import SmsAccount, WecomAccount, WecomMember
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.push import texts
from apps.wechat.rules import sms_policy
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from tenants.context import current_branch

EXAMPLE = {
    "number": "XL-000001", "fault": "测试", "area": "测试", "time": "2026年1月1日 09:00", "status": "测试",
    "link": "https://", "token": "test", "code": "000000",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """`ok` and a sentence; `said` is the other side's own word, for whoever asks it for help."""

    ok: bool
    sentence: str
    said: str = ""


def try_sms(*, phone: str, by: Actor) -> Outcome:
    """A message with invented facts to this phone, by the first template there is. One round trip."""
    require(by, ACCOUNT_KEEPERS)
    account, number = selectors.sms_account(), normal_phone(phone)
    if account is None or not account.templates:
        return Outcome(False, str(words.NOT_SET_UP))
    if number is None:
        return Outcome(False, words.sms_advice("InvalidParameterValue.IncorrectPhoneNumber"))
    card = texts.CODE if texts.CODE in account.templates else next(iter(account.templates))
    try:
        texts.send(account, card, phone=number, facts=EXAMPLE)
    except WeChatError as error:
        outcome = _sms_outcome(error)
        return outcome if _is_about_number(error) else _noted(account, outcome)
    return _noted(account, Outcome(True, str(words.FINE)))


def try_wecom(*, by: Actor) -> Outcome:
    """A token, then a card to the administrator's own name if it is linked; or a line of the robot. Two round trips."""
    require(by, ACCOUNT_KEEPERS)
    account = selectors.wecom_account()
    if account is None:
        return Outcome(False, str(words.NOT_SET_UP))
    try:
        _say_hello(wecom_keys(account), by)
    except WeChatError as error:
        return _noted(account, _wecom_outcome(error))
    return _noted(account, Outcome(True, str(words.FINE)))


def _say_hello(keys: WecomKeys, by: Actor) -> None:
    text = f"{current_branch().name} · {clock.now():%H:%M:%S}"
    if not keys.corpid:
        return wecom.send_to_group(keys, userid="", text=f"测试 {text}")
    wecom.check(keys)
    mine = WecomMember.objects.filter(user_id=by.id or 0).values_list("userid", flat=True).first()
    if mine:
        wecom.send_card(keys, userid=mine, title="测试", text=text, url="https://work.weixin.qq.com/")
    return None


def _sms_outcome(error: WeChatError) -> Outcome:
    if isinstance(error, GatewayFailed):
        return Outcome(False, words.sms_advice(error.code), f"{error.code} {error.errmsg}".strip())
    return Outcome(False, str(words.UNSURE), error.errmsg)


def _is_about_number(error: WeChatError) -> bool:
    """The phone's own reason says nothing of the account."""
    rule = sms_policy.rule_for(error.code) if isinstance(error, GatewayFailed) else None
    return rule is not None and issubclass(rule.error, RecipientGone | RecipientRefused)


def _wecom_outcome(error: WeChatError) -> Outcome:
    if error.errcode is None:
        return Outcome(False, str(words.UNSURE), error.errmsg)
    advice = words.WECOM_ADVICE.get(error.errcode)
    return Outcome(False, str(advice or error.errmsg), f"{error.errcode} {error.errmsg}")


def _noted(account: SmsAccount | WecomAccount, outcome: Outcome) -> Outcome:
    """A test that worked ends a pause: what waits is sent at once."""
    fine = {"paused_until": None, "trouble": ""} if outcome.ok else {"trouble": outcome.said[:240]}
    type(account)._default_manager.filter(pk=account.pk).update(checked_at=clock.now(), **fine)
    return outcome
