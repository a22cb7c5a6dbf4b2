"""What follows each answer of WeCom (企业微信) to a message. The whole policy stands in RULES. Pure."""

import re
from collections.abc import Iterable

from apps.wechat import errors as e
from apps.wechat.rules.policy import Mark, Pause, Rule, Then

_HINT, _TAIL = re.compile(r", hint: \[[^\]]*\]"), re.compile(r", more info at .*$", re.DOTALL)
TOKEN_CODES = frozenset({40014, 41001, 42001})
INVALID_USER = 81013  # also what we say when the answer is a success with our person among `invaliduser`
UNLICENSED = 60011
TRANSIENT = Rule(e.Transient, Then.RETRY)
UNKNOWN = Rule(e.WeChatError, Then.FAIL, alarm=True, alarm_after=5)

_TABLE: tuple[tuple[Iterable[int], Rule], ...] = (
    ((-1,), TRANSIENT),
    (TOKEN_CODES, Rule(e.TokenInvalid, Then.WAIT, Pause.MINUTE, alarm=True)),
    ((45009, 45033, 45011), Rule(e.RateLimited, Then.WAIT, Pause.MINUTE, reason="too_fast")),
    ((INVALID_USER, 40003, 40031, 46004, 60111), Rule(e.RecipientGone, Then.FAIL, mark=Mark.NO_MEMBER)),
    ((UNLICENSED, 301002), Rule(e.RecipientGone, Then.FAIL, alarm=True, reason="not_in_app")),
    ((40058, 44004, 45002, 45003, 47001, 82001),
     Rule(e.TemplateWrong, Then.FAIL, alarm=True, reason="message_wrong")),
    ((40001, 40013, 40056, 40091, 41004, 48002, 60020, 93000, 93008, 301021),
     Rule(e.AccountBroken, Then.WAIT, Pause.TEN_MINUTES, alarm=True, reason="account_broken")),
)  # fmt: skip
RULES: dict[int, Rule] = {code: rule for codes, rule in _TABLE for code in codes}


def rule_for(errcode: int | None) -> Rule:
    """The row for a number; no number at all means no answer, so another try."""
    return TRANSIENT if errcode is None else RULES.get(errcode, UNKNOWN)


def error_for(errcode: int, errmsg: str) -> e.WeChatError:
    """The outside error for a number. WeCom's sentence ends in a hint, our address and a link: the address stays."""
    sentence = _TAIL.sub("", _HINT.sub("", errmsg))[:200]
    return rule_for(errcode).error(errcode=errcode, errmsg=sentence, ambiguous=errcode == -1)
