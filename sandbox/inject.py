"""Failures on demand: which calls go wrong, how and how often (WeChat doc: §4.3)."""

import random
import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from sandbox.clock import SHANGHAI_OFFSET_S, Clock

# What a rule may do, and what each value has to be.
ACTIONS: dict[str, type | tuple[type, ...]] = {
    "errcode": int,  # answer this business error instead of processing
    "errmsg": str,  # with this sentence
    "http": int,  # answer this HTTP status instead of processing
    "html": bool,  # answer an HTML page with HTTP 200 instead of processing
    "delay_s": (int, float),  # wait, then process
    "drop_before": bool,  # break the connection without processing
    "invalidate_token": bool,  # forget the account's tokens, then process (so: 40001)
    "change": dict,  # change the account as /_sandbox/accounts/change does, then process
    "delay_after_s": (int, float),  # process, then wait: the caller cannot know
    "drop_after": (bool, int, float),  # process, (wait,) then break the connection: the caller cannot know
    "truncate": bool,  # process, then answer half of the JSON
    "receipt": str,  # template and subscribe sends: "lost", "twice", "early", or the Status of the receipt
    "snapshot": bool,  # OAuth: the person is shown as a snapshot user
    "state": str,  # OAuth: the person comes back with this state instead of their own
    "refuse": int,  # OAuth: the page refuses with this number
    "sms_code": str,  # SMS: what SendStatusSet says of each number, instead of sending
    "sms_error": str,  # SMS: the Error.Code of the whole answer, instead of processing
    "sms_report": str,  # SMS: "lost", or what the report says, as in "FAIL"
    "silent": bool,  # WeCom: accept the message and never deliver it
}
Until = Literal["", "minute", "day"]
SECRETS = ("secret", "token", "aes_key")
SPANS = {"minute": 60, "day": 86400}


@dataclass
class Rule:
    """One injected failure; `left` None means for ever, `skip` lets the first calls pass.

    With `until` it ends with the minute or the day in which it was first used, with `chance` it hits some calls.
    """

    rule_id: int
    appid: str
    path: re.Pattern[str]
    openid: str
    action: dict[str, Any]
    left: int | None
    skip: int
    chance: float = 1.0
    until: Until = ""
    ends_at: float | None = None
    hits: int = 0

    def fits(self, *, appid: str, path: str, openid: str, now: float) -> bool:
        """Whether this call is one the rule speaks about."""
        return (
            self.left != 0
            and (self.ends_at is None or now < self.ends_at)
            and self.appid in ("", appid)
            and self.openid in ("", openid)
            and self.path.search(path) is not None
        )

    def use(self, now: float) -> bool:
        """Count this call; False while it is one of those to skip."""
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        if self.left is not None:
            self.left -= 1
        if self.until and self.ends_at is None:
            self.ends_at = _end_of(self.until, now)
        return True

    def shown(self) -> dict[str, Any]:
        """The rule as the control API shows it."""
        return {
            "rule_id": self.rule_id,
            "appid": self.appid,
            "path": self.path.pattern,
            "openid": self.openid,
            "action": _shown(self.action),
            "left": self.left,
            "skip": self.skip,
            "chance": self.chance,
            "until": self.until,
            "ends_at": self.ends_at,
            "hits": self.hits,
        }


class Rules:
    """The injected failures; the first one that fits a call is used."""

    def __init__(self, clock: Clock, dice: random.Random) -> None:
        self.all: list[Rule] = []
        self._clock, self._dice = clock, dice

    def add(self, data: dict[str, Any]) -> Rule:
        """Take a rule as the control API receives it; ValueError says what is wrong with it."""
        rule = Rule(
            rule_id=len(self.all) + 1,
            appid=str(data.get("appid") or ""),
            path=_pattern(str(data.get("path") or "")),
            openid=str(data.get("openid") or ""),
            action=_checked_action(data.get("action")),
            left=_times(data),
            skip=int(data.get("skip") or 0),
            chance=_chance(data),
            until=_until(data),
        )
        self.all.append(rule)
        return rule

    def take(self, *, appid: str, path: str, openid: str) -> Rule | None:
        """The rule that spoils this call, if there is one; one whose chance fails leaves the call to the next."""
        now = self._clock.now()
        for rule in self.all:
            if not rule.fits(appid=appid, path=path, openid=openid, now=now):
                continue
            if rule.chance < 1 and self._dice.random() >= rule.chance:
                continue
            return rule if rule.use(now) else None
        return None


def _shown(action: dict[str, Any]) -> dict[str, Any]:
    """The action without the secrets of a change."""
    change = {name: "***" if name in SECRETS else value for name, value in action.get("change", {}).items()}
    return action | ({"change": change} if change else {})


def _end_of(until: Until, now: float) -> float:
    """When the minute, or the day in Shanghai, is over."""
    span = SPANS[until]
    return ((now + SHANGHAI_OFFSET_S) // span + 1) * span - SHANGHAI_OFFSET_S


def _times(data: dict[str, Any]) -> int | None:
    """Once, unless something else says when it ends."""
    usual = None if data.get("until") or "chance" in data else 1
    times = data.get("times", usual)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise ValueError("times is a positive number, or null for ever")
    return times


def _chance(data: dict[str, Any]) -> float:
    chance = data.get("chance", 1.0)
    if not isinstance(chance, int | float) or not 0 < chance <= 1:
        raise ValueError("chance is a number above 0 and up to 1")
    return float(chance)


def _until(data: dict[str, Any]) -> Until:
    until = data.get("until") or ""
    if until not in ("", *SPANS):
        raise ValueError('until is "minute" or "day"')
    return cast(Until, until)


def _pattern(path: str) -> re.Pattern[str]:
    try:
        return re.compile(path)
    except re.error as error:
        raise ValueError(f"path is a regular expression: {error}") from error


def _checked_action(action: object) -> dict[str, Any]:
    if not isinstance(action, dict) or not action:
        raise ValueError(f"action is an object with some of: {', '.join(ACTIONS)}")
    for name, value in action.items():
        if name not in ACTIONS:
            raise ValueError(f"unknown action {name!r}; known: {', '.join(ACTIONS)}")
        if not isinstance(value, ACTIONS[name]):
            raise ValueError(f"action {name!r} cannot be {value!r}")
    return action
