"""What follows each answer of the SMS gateway to a message. The whole policy stands in RULES. Pure.

The gateway names its reasons by words, narrower after each dot; a rule for the front part holds for all of them.
Nothing is sent twice: only what surely was not sent waits for another try.
"""

from collections.abc import Iterable

from apps.wechat import errors as e
from apps.wechat.rules.policy import Mark, Pause, Rule, Then

OK = "Ok"
TRANSIENT = Rule(e.Transient, Then.RETRY)
UNKNOWN = Rule(e.GatewayFailed, Then.FAIL, alarm=True, alarm_after=5)
_BROKEN = Rule(e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, alarm=True, reason="account_broken")
_SLOW = Rule(e.RateLimited, Then.WAIT, Pause.MINUTE, reason="too_fast")
_FULL = Rule(e.QuotaExhausted, Then.WAIT, Pause.DAY, alarm=True, reason="day_quota")
_PHONE = Rule(e.RecipientGone, Then.FAIL, reason="phone_wrong")
_BLOCKED = Rule(e.RecipientRefused, Then.BLOCK, reason="phone_blocked")
_MANY = Rule(e.RecipientRefused, Then.FAIL, reason="phone_limit")
_TEMPLATE = Rule(e.TemplateWrong, Then.FAIL, mark=Mark.TEMPLATE_WRONG, alarm=True)

_TABLE: tuple[tuple[Iterable[str], Rule], ...] = (
    (("InternalError", "RequestTimeException", "ServiceUnavailable", "ResourceUnavailable"), TRANSIENT),
    (("RequestLimitExceeded",), _SLOW),
    (("LimitExceeded.AppDailyLimit", "LimitExceeded.DailyLimit", "LimitExceeded.AppMainlandChinaDailyLimit"), _FULL),
    (("LimitExceeded.PhoneNumber", "LimitExceeded.DeliveryFrequencyLimit"), _MANY),
    (("LimitExceeded",), _SLOW),
    (("AuthFailure", "UnauthorizedOperation", "UnsupportedOperation", "FailedOperation.InsufficientBalance",
      "FailedOperation.MissingSignature", "FailedOperation.MissingSignatureList", "FailedOperation.JsonParseFail",
      "FailedOperation.SignatureIncorrectOrUnapproved", "InvalidParameterValue.SdkAppIdNotExist", "MissingParameter",
      "InvalidParameterValue.SignNameNotExist"), _BROKEN),
    (("InvalidParameterValue.IncorrectPhoneNumber", "InvalidParameterValue.InvalidPhoneNumber"), _PHONE),
    (("FailedOperation.PhoneNumberInBlacklist", "FailedOperation.PhoneNumberOnBlacklist"), _BLOCKED),
    (("FailedOperation.Template", "FailedOperation.ContainSensitiveWord", "FailedOperation.MissingTemplate",
      "InvalidParameterValue.Template", "InvalidParameterValue.ContentLengthLimit",
      "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"), _TEMPLATE),
)  # fmt: skip
RULES: dict[str, Rule] = {code: rule for codes, rule in _TABLE for code in codes}


def rule_for(code: str) -> Rule:
    """The row with the longest beginning of this word; no word at all means no answer."""
    if not code:
        return TRANSIENT
    fitting = [known for known in RULES if code.startswith(known)]
    return RULES[max(fitting, key=len)] if fitting else UNKNOWN
