"""What may stand in a line of a card, by the type of its key (WeChat doc: §1.5, "Value rules")."""

import re
from collections.abc import Callable

from sandbox.models import Keyword

_DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2})"
_HOUR = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_MOMENT = rf"(({_DAY} ?)?{_HOUR}|{_DAY})"

TIME = re.compile(rf"{_MOMENT}(~{_MOMENT})?")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
ASCII = re.compile(r"[\x20-\x7e]+")
AMOUNT = re.compile(r"[¥￥$€£]?-?\d{1,10}(\.\d+)?元?")
EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u20e3\ufe0f]")
FOREIGN_NAME_LIMIT = 20


def _matches(pattern: str | re.Pattern[str], limit: int) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: len(text) <= limit and compiled.fullmatch(text) is not None


def _is_name(text: str) -> bool:
    limit = 10 if CHINESE.search(text) else FOREIGN_NAME_LIMIT
    return len(text) <= limit and not re.search(r"\d", text)


RULES: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= 20,
    "short_thing": lambda text: len(text) <= 5,
    "character_string": _matches(ASCII, 32),
    "number": _matches(r"-?\d+(\.\d+)?", 32),
    "letter": _matches(r"[A-Za-z]+", 32),
    "symbol": _matches(r"[^\w\s]+", 5),
    "time": _matches(TIME, 64),
    "date": _matches(TIME, 64),
    "phrase": _matches(CHINESE, 5),
    "name": _is_name,
    "phone_number": _matches(r"[\d+\-() ]+", 17),
    "car_number": lambda text: len(text) <= 8,
    "amount": _matches(AMOUNT, 24),
    "const": lambda text: len(text) <= 20,
}


def kind(key: str) -> str:
    """The type in a key: "character_string12" is a "character_string"."""
    return key.rstrip("0123456789")


def is_allowed(keyword: Keyword, value: str) -> bool:
    """Whether WeChat would show this value in this line."""
    if "\n" in value or "\r" in value or EMOJI.search(value):
        return False
    if keyword.values and value not in keyword.values:
        return False
    return RULES[kind(keyword.key)](value)
