"""Values of a template message, cut to what WeChat takes for each type of key (WeChat doc: §1.5). Pure.

Whatever comes in, something WeChat accepts goes out: 47003 never reaches production.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_GONE = {"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Me", "Zl", "Zp"}  # control, surrogates, emoji and their parts
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u20e3\ufe00-\ufe0f]")


def fit(key: str, value: object) -> dict[str, str]:
    """The value as the entry of `data` for this key, e.g. `fit("thing2", text)`."""
    kind = key.rstrip("0123456789")
    return {"value": RULES.get(kind, _thing)(value)}


def plain(value: object) -> str:
    """One line without emoji and control characters; spaces collapsed."""
    text = _EMOJI.sub("", str(value))
    kept = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _stays(sign))
    return " ".join(kept.split())


def _stays(sign: str) -> bool:
    return unicodedata.category(sign) not in _GONE


def _cut(text: str, limit: int, empty: str) -> str:
    """At most `limit` UTF-16 units, as a phone counts; a cut text ends in “…”."""
    if not text:
        return empty
    if _units(text) <= limit:
        return text
    while _units(text) > limit - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _thing(value: object) -> str:
    return _cut(plain(value), 20, "无")


def _short_thing(value: object) -> str:
    return _cut(plain(value), 5, "无")


def _kept(pattern: str, limit: int, empty: str) -> Callable[[object], str]:
    wanted = re.compile(pattern)
    return lambda value: "".join(wanted.findall(plain(value)))[:limit].strip() or empty


def _number(value: object) -> str:
    found = re.search(r"-?[0-9]+(\.[0-9]+)?", plain(value))
    return found.group()[:32].rstrip(".") if found else "0"


def _time(value: object) -> str:
    """A moment as 2026年11月23日 18:05 in Chinese time; what is no moment becomes midnight."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return "00:00"
    if not isinstance(value, datetime):
        return "00:00"
    local = value.astimezone(CHINA) if value.tzinfo else value
    return f"{local.year:04d}年{local.month:02d}月{local.day:02d}日 {local.hour:02d}:{local.minute:02d}"


def _name(value: object) -> str:
    text = re.sub(r"\d", "", plain(value)).strip()
    return _cut(text, 10 if _CHINESE.search(text) else 20, "用户")


def _amount(value: object) -> str:
    number = re.search(r"[0-9]{1,10}(\.[0-9]{1,2})?", plain(value))
    return f"{number.group()}元" if number else "0元"


RULES: dict[str, Callable[[object], str]] = {
    "thing": _thing,
    "const": _thing,
    "short_thing": _short_thing,
    "character_string": _kept(r"[\x21-\x7e]", 32, "-"),
    "number": _number,
    "letter": _kept(r"[A-Za-z]", 32, "N"),
    "symbol": _kept(r"[^\w\s]", 5, "-"),
    "time": _time,
    "date": _time,
    "phrase": _kept(r"[\u4e00-\u9fff]", 5, "工单"),
    "name": _name,
    "phone_number": _kept(r"[0-9+\-]", 17, "0"),
    "car_number": lambda value: _cut(plain(value), 8, "无"),
    "amount": _amount,
}
