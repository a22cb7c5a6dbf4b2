"""What goes wrong, and how often: shares of all calls, scaled so that together they make the wanted rate. Pure."""

from typing import Any

Action = dict[str, Any]
Mix = tuple[tuple[float, Action], ...]

TEMPLATE, WECOM, SMS = "template/send", "^/qyapi/cgi-bin/message/send", "^/sms"
TOO_LATE_S = 6.5  # longer than the client waits for an answer

WECHAT_MIX: Mix = (
    (3.0, {"errcode": -1}),
    (0.5, {"errcode": 43019}),
    (0.5, {"errcode": 99999}),
    (2.5, {"http": 502}),
    (2.0, {"html": True}),
    (2.5, {"drop_before": True}),
    (2.5, {"drop_after": True}),
    (2.0, {"truncate": True}),
    (0.2, {"delay_after_s": TOO_LATE_S}),
    (0.8, {"delay_s": 0.4}),
    (1.0, {"receipt": "lost"}),
    (1.0, {"receipt": "twice"}),
    (1.0, {"receipt": "early"}),
    (0.5, {"receipt": "failed:user block"}),
    (0.5, {"receipt": "failed: system failed"}),
)
WECOM_MIX: Mix = (
    (4, {"errcode": -1}), (1, {"errcode": 45033}), (1, {"errcode": 81013}), (4, {"http": 502}), (2, {"html": True}),
    (3, {"drop_before": True}), (3, {"drop_after": True}), (2, {"truncate": True}),
)  # fmt: skip
SMS_MIX: Mix = (
    (3, {"sms_error": "InternalError.Timeout"}), (2, {"sms_code": "LimitExceeded.PhoneNumberDailyLimit"}),
    (3, {"http": 502}), (2, {"html": True}), (2, {"drop_before": True}), (2, {"drop_after": True}),
    (2, {"truncate": True}), (2, {"sms_report": "FAIL"}), (2, {"sms_report": "lost"}),
)  # fmt: skip

# What befalls a whole account, each at its part of the way: the first call after it is the one that meets it.
BLOWS: tuple[tuple[float, dict[str, Any]], ...] = (
    (0.15, {"path": TEMPLATE, "action": {"errcode": 40001}, "times": 1}),
    (0.25, {"path": TEMPLATE, "action": {"invalidate_token": True}, "times": 1}),
    (0.35, {"path": TEMPLATE, "action": {"errcode": 45011}, "until": "minute"}),
    (0.45, {"path": WECOM, "action": {"invalidate_token": True}, "times": 1}),
    (0.55, {"path": TEMPLATE, "action": {"invalidate_token": True}, "times": 1}),
    (0.65, {"path": TEMPLATE, "action": {"errcode": 40001}, "times": 1}),
    (0.75, {"path": TEMPLATE, "action": {"errcode": 45011}, "until": "minute"}),
)
SLOW_TOKENS = {"path": "token$", "action": {"delay_s": 0.5}, "times": None}


def rules(rate: float) -> list[dict[str, Any]]:
    """The sandbox's rules for this rate, each with the chance that makes its share come true."""
    told = [(TEMPLATE, WECHAT_MIX), (WECOM, WECOM_MIX), (SMS, SMS_MIX)]
    return [rule for path, mix in told for rule in _of(path, mix, rate)] if rate else []


def _of(path: str, mix: Mix, rate: float) -> list[dict[str, Any]]:
    """The first rule that hits is used, so a later one is drawn from what the earlier ones left."""
    whole, left, found = sum(share for share, _ in mix), 1.0, []
    for share, action in mix:
        part = rate * share / whole
        found.append({"path": path, "action": action, "chance": part / left})
        left -= part
    return found
