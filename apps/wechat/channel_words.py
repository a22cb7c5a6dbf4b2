"""SMS, WeCom and the deliveries in words: complaints of a form, advice after an answer, states, reasons."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

Word = str | Promise
RULES: dict[str, Word] = {
    "missing": _("Please fill this in."),
    "digits": _("Only digits stand here, as the provider shows them."),
    "key": _("Please copy this from the provider: letters and digits, nothing else."),
    "app_or_robot": _("Enter an application with its three parts, or the key of a group's robot."),
    "name": _("A name in WeCom has letters, digits and . _ - @ only, at most 64."),
    "twice": _("Two people cannot have the same name in WeCom."),
    "taken": _("One of these names belongs to somebody else already. Nothing was changed."),
    "fact": _("Known facts are: number, fault, area, time, status, link, token, code."),
}
# How the page names them; one word each, because spaces part them.
FACTS: dict[str, Word] = {
    "number": pgettext_lazy("fact", "number"),
    "fault": pgettext_lazy("fact", "fault"),
    "area": pgettext_lazy("fact", "area"),
    "time": pgettext_lazy("fact", "time"),
    "status": pgettext_lazy("fact", "status"),
    "link": pgettext_lazy("fact", "link"),
    "token": pgettext_lazy("fact", "token"),
    "code": pgettext_lazy("fact", "code"),
}
UNSURE: Word = _("No clear answer came. It may have worked: look whether the message arrives, then try again.")
FINE: Word = _("It works.")
NOT_SET_UP: Word = _("Enter the account first, then test.")
# By the beginning of the gateway's word, the longest one that fits.
SMS_ADVICE: dict[str, Word] = {
    "AuthFailure": _("SecretId or SecretKey is not right, or our clock is wrong. Copy both again from 访问密钥."),
    "UnauthorizedOperation": _("This key may not send. Give it the permission for SMS in the provider's console."),
    "UnauthorizedOperation.SmsSdkAppId": _("The SDK AppID does not belong to this key. Copy it from 应用管理."),
    "FailedOperation.InsufficientBalance": _("The package of messages is used up. Buy another one, then test again."),
    "FailedOperation.SignatureIncorrectOrUnapproved": _("The signature is not approved, or is typed differently."),
    "FailedOperation.Template": _("The template is not approved, or has another number of places than facts."),
    "InvalidParameterValue.IncorrectPhoneNumber": _("This is no mobile number of mainland China."),
    "FailedOperation.PhoneNumberInBlacklist": _("The owner of this number does not want messages."),
    "LimitExceeded": _("Too many messages to this number or in this time. Wait and test again."),
    "RequestLimitExceeded": _("Too many calls in this second. Test again in a minute."),
}
WECOM_ADVICE: dict[int, Word] = {
    40001: _("The secret is not that of this application. Copy it from 应用管理 → the application → Secret."),
    40013: _("The company's id is not right. Copy it from 我的企业 → 企业信息."),
    40056: _("The AgentId is not that of the application."),
    40091: _("The secret is not that of this application. Copy it from 应用管理 → the application → Secret."),
    60020: _("Our server's address is not among the application's trusted ones. Enter it under 企业可信IP."),
    60011: _("The application may not be used by this member. Widen 可见范围."),
    81013: _("WeCom knows no such member, or the application is not visible to them. Check the name and 可见范围."),
    93000: _("The robot's key is not right. Copy what follows key= in the robot's address."),
    48002: _("The application may not send messages. Allow it in WeCom."),
    45009: _("Too many calls in this time. Test again in a minute."),
    301002: _("The secret and the AgentId belong to different applications."),
}
CHANNELS: dict[str, Word] = {
    "wx_template": _("WeChat card"),
    "wx_subscribe": _("WeChat notice"),
    "wecom": _("WeCom"),
    "sms": _("Text message"),
    "in_page": _("In the list"),
}
ALL: Word = pgettext_lazy("cards", "All")
CUSTOMER: Word = _("the customer")
STATES: dict[str, Word] = {
    "pending": pgettext_lazy("card", "Waits"),
    "sending": pgettext_lazy("card", "Is being sent"),
    "accepted": pgettext_lazy("card", "Taken, no word yet"),
    "delivered": pgettext_lazy("card", "Delivered"),
    "blocked": pgettext_lazy("card", "Refused by the person"),
    "failed": pgettext_lazy("card", "Failed"),
    "unknown": pgettext_lazy("card", "Unclear"),
    "skipped": pgettext_lazy("card", "Not sent"),
    "expired": pgettext_lazy("card", "Too late"),
}
MOODS = {"delivered": "is-good", "blocked": "is-wrong", "failed": "is-wrong", "unknown": "is-todo"}
SHAPES = {"delivered": "s-closed", "blocked": "overdue", "failed": "overdue", "unknown": "due"}
REASONS: dict[str, Word] = {
    "no_account": _("the branch has no account for this"),
    "no_template": _("no template for this card"),
    "template_wrong": _("the template is set up wrongly"),
    "not_bound": _("not bound to WeChat"),
    "not_following": _("does not follow the account"),
    "template_refused": _("has switched these cards off"),
    "no_consent": _("has not asked to be told"),
    "not_linked": _("has no name in WeCom here"),
    "no_member": _("WeCom does not know the member"),
    "not_in_app": _("the WeCom application is not for this member"),
    "no_phone": _("no mobile number"),
    "phone_wrong": _("the number does not exist"),
    "phone_blocked": _("does not want text messages"),
    "phone_limit": _("too many text messages to this number"),
    "capped": _("enough cards in this hour"),
    "quiet": _("quiet hours"),
    "not_in_pool": _("the ticket was taken meanwhile"),
    "off_duty": _("went off duty"),
    "given_to_another": _("somebody else has the ticket"),
    "ticket_gone": _("the ticket is gone"),
    "expired": _("nobody needs it any more"),
    "gave_way": _("another channel was quicker"),
    "no_receipt": _("nobody said whether it arrived"),
    "ambiguous": _("the answer was lost, it may have arrived"),
    "ambiguous_too_long": _("the answer was lost, it may have arrived"),
    "too_many_tries": _("five tries without an answer"),
    "account_broken": _("the account needs a hand"),
    "AccountBroken": _("the account needs a hand"),
    "TokenInvalid": _("the account needs a hand"),
    "QuotaExhausted": _("the day's quota is used up"),
    "day_quota": _("the day's quota is used up"),
    "RateLimited": _("too many in this minute"),
    "too_fast": _("too many in this minute"),
    "Transient": _("no answer, it is tried again"),
    "ProtocolBroken": _("no answer, it is tried again"),
    "RecipientRefused": _("the person does not want it"),
    "message_wrong": _("the message was refused"),
    "WeChatError": _("an answer nobody knows"),
    "GatewayFailed": _("an answer nobody knows"),
}
DONE: dict[str, Word] = {
    "sms": _("Saved. Test it with your own number."),
    "wecom": _("Saved. Test the connection now."),
    "members": _("The names in WeCom are kept."),
    "notices": _("The notices are kept. Phones offer them from now on."),
}


def complaint(rule: str) -> str:
    """The sentence of a broken rule of a form."""
    return str(RULES[rule.partition(" ")[0]])


def facts_said(names: Iterable[str]) -> str:
    """Facts as the page names them, in their order."""
    return pgettext("between facts", ", ").join(str(FACTS.get(name, name)) for name in names)


def fact_named(word: str) -> str:
    """The fact that the page calls so; the word itself where it is none."""
    return next((name for name, said in FACTS.items() if str(said) == word), word)


def sms_advice(code: str) -> str:
    """What to do about this word of the gateway; its own word where we have no advice."""
    fitting = [known for known in SMS_ADVICE if code.startswith(known)]
    return str(SMS_ADVICE[max(fitting, key=len)]) if fitting else code


def reason(name: str) -> str:
    """A reason in words; the name itself where it is a foreign one (a receipt's)."""
    return str(REASONS.get(name, name))


def state(status: str, channel: str) -> str:
    """A state in words. What a gateway took without a word about the phone is not called delivered."""
    if channel == "wecom" and status == "delivered":
        return str(pgettext_lazy("card", "Handed to WeCom"))
    return str(STATES[status])
