"""What follows each answer of WeChat to a card (WeChat doc: §3.2). The whole policy stands in RULES. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from apps.wechat import errors as e

RETRY_AFTER_S = (2, 8, 30, 120)  # then the fifth try was the last
MOST_TRIES = len(RETRY_AFTER_S) + 1
REPEATABLE = timedelta(minutes=8)  # WeChat swallows a repeated client_msg_id for ten minutes, not longer
REFUSED_FOR = timedelta(days=7)  # then one probe: the person may have switched the template on again
TOKEN_CODES = frozenset({40001, 40014, 42001})
_RID = re.compile(r"\s*\brid: ([0-9a-f-]{8,40})\s*$")
_CHINA = ZoneInfo("Asia/Shanghai")


class Then(StrEnum):
    """What happens to the card."""

    RETRY = "retry"  # again soon, with the same client_msg_id
    WAIT = "wait"  # when the account's pause is over
    FAIL = "failed"  # never again on this channel
    BLOCK = "blocked"  # the person does not want it


class Pause(StrEnum):
    """How long the whole account stays silent."""

    NONE = ""
    MINUTE = "until the next minute"
    TEN_MINUTES = "ten minutes"
    DAY = "until midnight in Shanghai"


class Mark(StrEnum):
    """What is remembered for the next card."""

    NONE = ""
    NOT_FOLLOWING = "not_following"
    TEMPLATE_REFUSED = "template_refused"
    TEMPLATE_WRONG = "template_wrong"
    NO_MEMBER = "no_member"


@dataclass(frozen=True)
class Rule:
    """One row: the kind of error, what happens to the card, to the account, and who hears of it.

    `alarm_after`: only when so many of this account's cards met it within ten minutes. `reason`: what the card's row
    says, where that is not the mark or the name of the error.
    """

    error: type[e.WeChatError]
    then: Then
    pause: Pause = Pause.NONE
    mark: Mark = Mark.NONE
    alarm: bool = False
    alarm_after: int = 1
    reason: str = ""


TRANSIENT = Rule(e.Transient, Then.RETRY)
UNKNOWN = Rule(e.WeChatError, Then.FAIL, alarm=True, alarm_after=5)

_TABLE: tuple[tuple[Iterable[int], Rule], ...] = (
    ((-1, -1000), TRANSIENT),
    (TOKEN_CODES | {41001}, Rule(e.TokenInvalid, Then.WAIT, Pause.MINUTE, alarm=True)),
    ((45011,), Rule(e.RateLimited, Then.WAIT, Pause.MINUTE)),
    ((45009,), Rule(e.QuotaExhausted, Then.WAIT, Pause.DAY, alarm=True)),
    ((40003, 43004), Rule(e.RecipientGone, Then.FAIL, mark=Mark.NOT_FOLLOWING)),
    ((43101,), Rule(e.RecipientRefused, Then.BLOCK, mark=Mark.TEMPLATE_REFUSED)),
    ((43019,), Rule(e.RecipientRefused, Then.BLOCK, alarm=True)),
    ((40037, 40246, 47003, 41028, 41029, 41030),
     Rule(e.TemplateWrong, Then.FAIL, mark=Mark.TEMPLATE_WRONG, alarm=True)),
    ((45015, 45047), Rule(e.RecipientRefused, Then.FAIL)),
    ((48001, 48004, 50002, 61003, 61007), Rule(e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, alarm=True)),
    ((40002, 40013, 40125, 40164, 40243, 41002, 41004, 89503, 61004),
     Rule(e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, alarm=True)),
    ((40029, 40163, 41008, 42003), Rule(e.CodeSpent, Then.FAIL)),
)  # fmt: skip
RULES: dict[int, Rule] = {code: rule for codes, rule in _TABLE for code in codes}


def rule_for(errcode: int | None) -> Rule:
    """The row for a number; no number at all means no answer, so another try."""
    return TRANSIENT if errcode is None else RULES.get(errcode, UNKNOWN)


def error_for(errcode: int, errmsg: str) -> e.WeChatError:
    """The outside error for a number, with WeChat's request id taken out of its sentence."""
    found = _RID.search(errmsg)
    rid = found.group(1) if found else ""
    sentence = _RID.sub("", errmsg)[:200]
    return rule_for(errcode).error(errcode=errcode, errmsg=sentence, rid=rid, ambiguous=errcode in {-1, -1000})


def retry_at(*, attempts: int, now: datetime, jitter: float = 0.0) -> datetime | None:
    """When the next try is due after `attempts` tries, None after the last; `jitter` is 0..1."""
    if attempts >= MOST_TRIES:
        return None
    return now + timedelta(seconds=RETRY_AFTER_S[attempts - 1] * (1 + 0.2 * jitter))


def pause_until(pause: Pause, now: datetime) -> datetime:
    """When the account may speak again."""
    if pause == Pause.MINUTE:
        return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if pause == Pause.DAY:
        local = now.astimezone(_CHINA)
        return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return now + timedelta(minutes=10) if pause else now
