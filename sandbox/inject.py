"""Failures on demand: which calls go wrong, how and how often (WeChat doc: §4.3)."""

import re
from dataclasses import dataclass
from typing import Any

# What a rule may do, and what each value has to be.
ACTIONS: dict[str, type | tuple[type, ...]] = {
    "errcode": int,  # answer this business error instead of processing
    "errmsg": str,  # with this sentence
    "http": int,  # answer this HTTP status instead of processing
    "html": bool,  # answer an HTML page with HTTP 200 instead of processing
    "delay_s": (int, float),  # wait, then process
    "drop_before": bool,  # break the connection without processing
    "invalidate_token": bool,  # forget the account's tokens, then process (so: 40001)
    "delay_after_s": (int, float),  # process, then wait: the caller cannot know
    "drop_after": (bool, int, float),  # process, (wait,) then break the connection: the caller cannot know
    "truncate": bool,  # process, then answer half of the JSON
    "receipt": str,  # template/send: "lost", "twice", or the Status of the receipt
    "snapshot": bool,  # OAuth: the person is shown as a snapshot user
}


@dataclass
class Rule:
    """One injected failure; `left` None means for ever, `skip` lets the first calls pass."""

    rule_id: int
    appid: str
    path: re.Pattern[str]
    openid: str
    action: dict[str, Any]
    left: int | None
    skip: int
    hits: int = 0

    def fits(self, *, appid: str, path: str, openid: str) -> bool:
        """Whether this call is one the rule speaks about."""
        return (
            self.left != 0
            and self.appid in ("", appid)
            and self.openid in ("", openid)
            and self.path.search(path) is not None
        )

    def use(self) -> bool:
        """Count this call; False while it is one of those to skip."""
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        if self.left is not None:
            self.left -= 1
        return True

    def shown(self) -> dict[str, Any]:
        """The rule as the control API shows it."""
        return {
            "rule_id": self.rule_id,
            "appid": self.appid,
            "path": self.path.pattern,
            "openid": self.openid,
            "action": self.action,
            "left": self.left,
            "skip": self.skip,
            "hits": self.hits,
        }


class Rules:
    """The injected failures; the first one that fits a call is used."""

    def __init__(self) -> None:
        self.all: list[Rule] = []

    def add(self, data: dict[str, Any]) -> Rule:
        """Take a rule as the control API receives it; ValueError says what is wrong with it."""
        times = data.get("times", 1)
        if times is not None and (not isinstance(times, int) or times < 1):
            raise ValueError("times is a positive number, or null for ever")
        rule = Rule(
            rule_id=len(self.all) + 1,
            appid=str(data.get("appid") or ""),
            path=_pattern(str(data.get("path") or "")),
            openid=str(data.get("openid") or ""),
            action=_checked_action(data.get("action")),
            left=times,
            skip=int(data.get("skip") or 0),
        )
        self.all.append(rule)
        return rule

    def take(self, *, appid: str, path: str, openid: str) -> Rule | None:
        """The rule that spoils this call, if there is one."""
        for rule in self.all:
            if rule.fits(appid=appid, path=path, openid=openid):
                return rule if rule.use() else None
        return None


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
