"""The menu below every chat: what it may look like, and how it reads at WeChat (WeChat doc: §1.9). Pure.

A button is `{"name", "page"}` (a page of this site), `{"name", "address"}` (any other) or `{"name", "buttons": […]}`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Button = Mapping[str, Any]
MOST, MOST_BELOW = 3, 5
WIDTH, WIDTH_BELOW = 8, 14  # four and seven Chinese signs: what a phone shows of a name
URL_BYTES = 1024
PAGES = ("/h5/report?from=wx", "/h5/mine", "/w/pool", "/w/mine", "/w/me")
STANDARD: tuple[dict[str, Any], ...] = (
    {"name": "报修", "page": "/h5/report?from=wx"},
    {"name": "我的工单", "page": "/h5/mine"},
    {"name": "抢单", "page": "/w/pool"},
)


def judge(buttons: Iterable[Button]) -> dict[str, str]:
    """Place to broken rule: `0.name`, `0.2.address`; the rules are none, many, missing, wide, page, address."""
    given = list(buttons)
    if not given:
        return {"menu": "none"}
    if len(given) > MOST:
        return {"menu": "many"}
    return {place: rule for at, one in enumerate(given) for place, rule in _judge_top(str(at), one)}


def as_wechat(buttons: Iterable[Button], page_url: Callable[[str], str]) -> list[dict[str, Any]]:
    """The buttons as menu/create takes them. Plain addresses: each page starts its own sign-in."""
    return [_told(one, page_url) for one in buttons]


def flat(told: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, str]]:
    """A menu of WeChat as level, name and address, in one form whichever of its two shapes it came in."""
    found: list[tuple[int, str, str]] = []
    for one in told:
        below = one.get("sub_button") or []
        below = below.get("list", []) if isinstance(below, dict) else below
        found.append((0, *_said(one)))
        found += [(1, *_said(leaf)) for leaf in below]
    return found


def width(name: str) -> int:
    """In half signs: a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in name)


def _said(one: Mapping[str, Any]) -> tuple[str, str]:
    return str(one.get("name", "")), str(one.get("url") or one.get("key") or "")


def _judge_top(place: str, one: Button) -> Iterator[tuple[str, str]]:
    yield from _judge_name(place, one, WIDTH)
    below = one.get("buttons")
    if not below:
        yield from _judge_target(place, one)
        return
    if len(below) > MOST_BELOW:
        yield f"{place}.name", "many_below"
    for at, leaf in enumerate(below):
        yield from _judge_name(f"{place}.{at}", leaf, WIDTH_BELOW)
        yield from _judge_target(f"{place}.{at}", leaf)


def _judge_name(place: str, one: Button, limit: int) -> Iterator[tuple[str, str]]:
    name = str(one.get("name", ""))
    if not name:
        yield f"{place}.name", "missing"
    elif width(name) > limit:
        yield f"{place}.name", "wide" if limit == WIDTH else "wide_below"


def _judge_target(place: str, one: Button) -> Iterator[tuple[str, str]]:
    if page := one.get("page"):
        if page not in PAGES:
            yield f"{place}.page", "page"
    elif not _is_address(str(one.get("address", ""))):
        yield f"{place}.address", "address"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isprintable() and not any(sign.isspace() for sign in text) and "@" not in parts.netloc
    return plain and parts.scheme in {"https", "http"} and bool(parts.hostname) and len(text.encode()) <= URL_BYTES


def _told(one: Button, page_url: Callable[[str], str]) -> dict[str, Any]:
    if below := one.get("buttons"):
        return {"name": one["name"], "sub_button": [_told(leaf, page_url) for leaf in below]}
    url = page_url(one["page"]) if one.get("page") else one["address"]
    return {"type": "view", "name": one["name"], "url": url}
