"""Refusals about who somebody is: binding a WeChat to a person, a phone to a customer, and being forgotten."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound, TooMany


class WrongCode(Invalid):
    code = "wechat.wrong_code"
    message = _("This code is not right or not good any more. You may try %(left)s more times; look at the code again.")


class TooManyWrongCodes(TooMany):
    code = "wechat.too_many_wrong_codes"
    message = _("Too many wrong codes. Nothing was bound. Wait ten minutes, then ask for a new code.")


class CodeTaken(Conflict):
    code = "wechat.code_taken"
    message = _("Another phone has used this code already. If that was not you, refuse it and show a new code.")


class CodeOver(Conflict):
    code = "wechat.code_over"
    message = _("This code is over: refused, replaced or older than ten minutes. Nothing was bound; show a new code.")


class WeChatTaken(Conflict):
    code = "wechat.wechat_taken"
    message = _(
        "This WeChat belongs to another person of this branch. Unbind it there first, or ask your administrator to."
    )


class PersonHasWeChat(Conflict):
    code = "wechat.person_has_wechat"
    message = _("A WeChat is bound to this person already. Unbind that one first, then bind the new one.")


class PhoneUnknown(NotFound):
    code = "wechat.phone_unknown"
    message = _("We do not know which WeChat this is. Please open the page in WeChat, from our service account.")


class NotAskedFor(NotFound):
    code = "wechat.not_asked_for"
    message = _("There is nothing to confirm here. Show a new code and scan it with the phone.")


class CodeTooSoon(TooMany):
    code = "wechat.code_too_soon"
    message = _("A code was sent just now. Please wait %(seconds)s seconds before you ask for another.")


class CodesUsedUpToday(TooMany):
    code = "wechat.codes_used_up_today"
    message = _("No more codes today: five are sent in a day. Try again tomorrow, or call 96066 and we help you.")


class WrongPhoneCode(Invalid):
    code = "wechat.wrong_phone_code"
    message = _("This code is not right. You may try %(left)s more times.")


class PhoneCodeOver(Conflict):
    code = "wechat.phone_code_over"
    message = _("This code is not good any more. Nothing was changed; please ask for a new one.")


class ReportsOpen(Conflict):
    code = "wechat.reports_open"
    message = _("A report of this customer is still open. Finish or cancel it first; then the data can be deleted.")


class CustomerHasWeChat(Conflict):
    code = "wechat.customer_has_wechat"
    message = _(
        "This customer already has another WeChat. Ask the caller to prove the phone number in WeChat:"
        " My reports, then Bind phone number."
    )


class NoSuchCustomer(NotFound):
    code = "wechat.no_such_customer"
    message = _("No customer has this phone number or account number. Nothing was changed; check it with the caller.")


class NoWeChat(NotFound):
    code = "wechat.no_wechat"
    message = _("No WeChat belongs to the customer of this ticket.")
