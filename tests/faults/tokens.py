"""One token call for each account and validity: as many as tokens were wanted, not as many as wanted one."""

from collections import Counter
from typing import Any

from tests.faults.judge import Findings
from tests.faults.mix import TEMPLATE, WECOM
from tests.wechat.stand import Sandbox

ACCOUNTS = {"WeChat": ("/cgi-bin/stable_token", TEMPLATE), "WeCom": ("/qyapi/cgi-bin/gettoken", WECOM)}


def look(found: Findings, wx: Sandbox, appids: dict[str, str]) -> None:
    """Count the calls, and the validities: the first one, and one more for each token that was refused."""
    rules = wx.http.get("/_sandbox/inject").json()
    wrong, told = [], {}
    for name, (path, sends) in ACCOUNTS.items():
        calls, validities = len(wx.calls(path, appids[name])), 1 + _refused(rules, sends)
        told[name] = f"{calls} calls, {validities} validities"
        if calls > validities:
            wrong.append(f"{name}: {told[name]}")
    found.figures["token calls"] = told
    found.promise("one token call for each account and validity", wrong)
    found.figures["calls to send"] = _calls(wx, rules)


def _refused(rules: list[dict[str, Any]], sends: str) -> int:
    """Also a token that was refused and is still good has to be asked about: nobody but WeChat knows that."""
    lost = [rule for rule in rules if rule["path"] == sends and _is_about_tokens(rule["action"])]
    return sum(rule["hits"] for rule in lost)


def _is_about_tokens(action: dict[str, Any]) -> bool:
    return bool(action.get("invalidate_token")) or action.get("errcode") == 40001


def _calls(wx: Sandbox, rules: list[dict[str, Any]]) -> dict[str, str]:
    """How many there were, and how many of them went wrong on purpose."""
    paths = {
        "WeChat": "/cgi-bin/message/template/send", "WeCom": "/qyapi/cgi-bin/message/send", "SMS": "/sms",
    }  # fmt: skip
    told = {}
    for name, path in paths.items():
        calls = wx.calls(path)
        spoiled = Counter(bool(call["rule_id"]) for call in calls)[True]
        told[name] = f"{len(calls)}, spoiled {spoiled} ({100 * spoiled / max(1, len(calls)):.1f} %)"
    return told
