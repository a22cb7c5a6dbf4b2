"""Reading what the control API is given; ValueError says in a sentence what is wrong."""

import base64
import re
from typing import Any

from sandbox.errors import WxError
from sandbox.menus import checked_menu
from sandbox.models import Account, Button, Keyword, Person, Template
from sandbox.state import State
from sandbox.values import RULES, kind

AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


def read_account(data: dict[str, Any], known: Account | None) -> Account:
    """An account as described; without `menu` or templates it keeps what it has, and always what its API added."""
    return Account(
        appid=text(data, "appid"),
        secret=text(data, "secret"),
        original_id=text(data, "original_id"),
        name=text(data, "name"),
        token=text(data, "token"),
        aes_key=aes_key(text(data, "aes_key")),
        callback_url=str(data.get("callback_url") or ""),
        oauth_domains=hosts(data, "oauth_domains"),
        js_domains=hosts(data, "js_domains"),
        templates=_pool(data, "templates", known.templates if known else {}),
        subscribe_templates=_pool(data, "subscribe_templates", known.subscribe_templates if known else {}),
        menu=_menu(data) if data.get("menu") else (known.menu if known else []),
    )


def upsert_person(state: State, data: dict[str, Any]) -> Person:
    """Make a person known; whoever unfollowed meanwhile stays so unless `following` says otherwise."""
    user_id = text(data, "user_id")
    person = state.people.get(user_id) or Person(user_id, "", "", "", 0.0, 0.0)
    person.name = text(data, "name")
    person.group = str(data.get("group") or person.group)
    person.avatar = str(data.get("avatar") or "")
    person.lat, person.lng = point(data)
    person.location_allowed = bool(data.get("location_allowed", person.location_allowed))
    person.phone = digits(str(data.get("phone") or person.phone))
    person.ios = bool(data.get("ios", person.ios))
    person.wecom |= {text(item, "corpid"): text(item, "userid") for item in items(data, "wecom")}
    for item in items(data, "follows"):
        _follow(state, person, item)
    state.people[user_id] = person
    return person


def digits(phone: str) -> str:
    """A phone number without spaces and without China's prefix."""
    plain = re.sub(r"[^0-9+]", "", phone)
    return plain.removeprefix("+86").removeprefix("0086")


def text(data: dict[str, Any], name: str) -> str:
    """A field that must be there and say something."""
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing")
    return value.strip()


def items(data: dict[str, Any], name: str) -> list[Any]:
    """A list, or nothing."""
    value = data.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list")
    return value


def point(data: dict[str, Any]) -> tuple[float, float]:
    """A position on the globe, WGS84."""
    try:
        lat, lng = float(data["lat"]), float(data["lng"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("lat and lng are numbers") from error
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError("lat and lng are outside the globe")
    return lat, lng


def _follow(state: State, person: Person, item: Any) -> None:
    if not isinstance(item, dict) or item.get("appid") not in state.accounts:
        raise ValueError(f"follows: {item!r} names no known account")
    is_new = item["appid"] not in person.follows
    follow = state.know(person, item["appid"], str(item.get("openid") or ""))
    if "following" in item or is_new:
        follow.following = bool(item.get("following", True))


def aes_key(value: str) -> str:
    """An EncodingAESKey."""
    if not AES_KEY.fullmatch(value) or len(base64.b64decode(value + "=")) != 32:
        raise ValueError("aes_key is the EncodingAESKey: 43 characters")
    return value


def hosts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of hosts, with a port or without."""
    names = items(data, name)
    if not all(isinstance(host, str) and host and "/" not in host for host in names):
        raise ValueError(f"{name} is a list of hosts without scheme and path")
    return tuple(names)


def _pool(data: dict[str, Any], name: str, known: dict[str, Template]) -> dict[str, Template]:
    """The described templates and those that came by the API; all that is known if none are described."""
    if name not in data:
        return known
    kept = {template_id: template for template_id, template in known.items() if template.added}
    return kept | {template.template_id: template for template in map(_template, items(data, name))}


def _template(data: Any) -> Template:
    if not isinstance(data, dict):
        raise ValueError("templates is a list of objects")
    keywords = tuple(_keyword(item) for item in items(data, "keywords"))
    return Template(text(data, "template_id"), text(data, "title"), keywords)


def _keyword(item: Any) -> Keyword:
    if not isinstance(item, list | tuple) or len(item) not in (2, 3):
        raise ValueError(f'keywords: {item!r} is not ["thing1", "label"]')
    key, label = str(item[0]), str(item[1])
    if kind(key) not in RULES or kind(key) == key:
        raise ValueError(f"keywords: {key!r} is no type with a number; types: {', '.join(RULES)}")
    return Keyword(key, label, tuple(item[2]) if len(item) == 3 else ())


def _menu(data: dict[str, Any]) -> list[Button]:
    menu = data["menu"]
    try:
        return checked_menu(menu.get("button") if isinstance(menu, dict) else menu)
    except WxError as error:
        raise ValueError(f"menu: {error}") from error
