"""What an administrator enters for SMS and WeCom: judged before it is kept. Pure; words stand in channel_words.py."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apps.wechat.rules.fallback import SMS_CARDS

CODE = "code"
TEMPLATES = (CODE, *SMS_CARDS)
FACTS = ("number", "fault", "area", "time", "status", "link", "token", "code")
_MISSING_SECRET = {"secret": "missing"}
_DIGITS = re.compile(r"\d{1,20}")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
_CORP = re.compile(r"[A-Za-z0-9_-]{6,40}")
_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


def read_facts(text: str) -> list[str]:
    """`number, fault  link` → three names; whatever stands between them."""
    return [part for part in re.split(r"[\s,，、;；]+", text.strip()) if part]


def wrong_sms(told: Mapping[str, Any], *, has_secret: bool) -> dict[str, str]:
    """The broken rule of each field: `app_id`, `key_id`, `secret`, `sign_name`, `template.<card>`."""
    found = {}
    if not _DIGITS.fullmatch(told["app_id"]):
        found["app_id"] = "digits"
    if not _KEY.fullmatch(told["key_id"]):
        found["key_id"] = "key"
    if not told["secret"] and not has_secret:
        found |= _MISSING_SECRET
    if not told["sign_name"].strip():
        found["sign_name"] = "missing"
    return found | dict(_wrong_templates(told["templates"]))


def wrong_wecom(told: Mapping[str, Any], *, has_secret: bool, has_robot: bool) -> dict[str, str]:
    """The same for WeCom: an application with its three parts, or a robot, or both."""
    wants_app = bool(told["corpid"] or told["agentid"] or told["secret"])
    if not wants_app:
        return {} if told["robot_key"] or has_robot else {"corpid": "app_or_robot"}
    found = {}
    if not _CORP.fullmatch(told["corpid"]):
        found["corpid"] = "key"
    if not _DIGITS.fullmatch(told["agentid"]):
        found["agentid"] = "digits"
    if not told["secret"] and not has_secret:
        found |= _MISSING_SECRET
    if told["robot_key"] and not _KEY.fullmatch(told["robot_key"]):
        found["robot_key"] = "key"
    return found


def wrong_members(names: Mapping[str, str]) -> dict[str, str]:
    """The broken rule of each person's name in WeCom: its form, or that two people have it."""
    given = [name.lower() for name in names.values() if name]
    found = {f"member.{pk}": "name" for pk, name in names.items() if name and not _NAME.fullmatch(name)}
    return {f"member.{pk}": "twice" for pk, name in names.items() if name and given.count(name.lower()) > 1} | found


def _wrong_templates(templates: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for card, entry in templates.items():
        if card not in TEMPLATES or not _DIGITS.fullmatch(entry["template_id"]):
            yield f"template.{card}", "digits"
        elif unknown := [name for name in entry["facts"] if name not in FACTS]:
            yield f"template.{card}", f"fact {unknown[0]}"
