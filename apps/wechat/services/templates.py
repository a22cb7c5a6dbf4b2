"""Which of the account's templates each of our cards uses, and which fact stands in which of its keywords."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.core.cache import cache
from redis import RedisError

from apps.wechat.calls.client import client_for
from apps.wechat.errors import BadAccount, BeingAdded
from apps.wechat.models import WxAccount
from apps.wechat.rules import templates
from apps.wechat.rules.cards import CARDS
from apps.wechat.rules.fitting import fitting
from apps.wechat.services import checks
from apps.wechat.services.entering import locked_account
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

ADDING_S = 60  # longer than three calls with their second tries take
log = logging.getLogger("steppe.wechat.templates")
_LIBRARY_NUMBER = re.compile(r"[0-9]{2,8}")
Json = Mapping[str, Any]


@command("wechat.map_card")
def map_card(
    *, card: str, template_id: str, keywords: Mapping[str, str], by: Actor, library_number: str = ""
) -> Receipt:
    """Our card uses this template; `keywords` says which key shows which fact, empty: as it fits best. A card that was
    switched off goes again. Judged by the templates that were fetched last.

    Raises NoAccount, BadAccount (naming each keyword), HeadquartersKeepsIt.
    """
    account = locked_account(by)
    pool = pool_of(account)
    entry: dict[str, Any] = {"template_id": template_id, "keywords": dict(keywords) or fitting(template_id, pool)}
    if wrong := templates.judge({card: entry}, pool):
        raise BadAccount.of({one.part or "template_id": one.rule for one in wrong})
    account.templates[card] = entry | {"title": _title(template_id, pool), "library": library_number}
    return _kept(account)


@command("wechat.unmap_card")
def unmap_card(*, card: str, by: Actor) -> Receipt:
    """No template for this card: it goes by the other ways to a phone, if there are any."""
    account = locked_account(by)
    account.templates.pop(card, None)
    return _kept(account)


@command("wechat.mend_card")
def mend_card(*, card: str, by: Actor) -> Receipt:
    """Switch a card on again whose template WeChat had refused, if the account still has it as it is used.

    Raises NoAccount, BadAccount, HeadquartersKeepsIt.
    """
    account = locked_account(by)
    entry = account.templates.get(card)
    if entry is None:
        raise BadAccount.of({"template_id": "no_id"})
    if wrong := templates.judge({card: entry}, pool_of(account)):
        raise BadAccount.of({one.part or "template_id": one.rule for one in wrong})
    entry.pop("broken", None)
    return _kept(account)


def add_from_library(*, library_number: str, keyword_names: Sequence[str], card: str, by: Actor, key: str) -> Receipt:
    """Take a title of WeChat's library into the account with these keywords, and use it for the card.

    What the card has from this number already is used again: WeChat would add a second one, and allows 25.
    Raises NoAccount, BadAccount, HeadquartersKeepsIt, BeingAdded, WeChatError. Up to three calls to WeChat.
    """
    checks.required(by)
    if card not in CARDS or not _LIBRARY_NUMBER.fullmatch(library_number):
        raise BadAccount.of({"library_number": "form"} if card in CARDS else {"card": "unknown_card"})
    with _alone(card, library_number):
        account = checks.required(by)  # as whoever was at it before has left it
        known = account.templates.get(card) or {}
        template_id = known["template_id"] if known.get("library") == library_number else ""
        template_id = template_id or _added(account, library_number, keyword_names)
        checks.run_check("templates", by=by)
        return map_card(card=card, template_id=template_id, keywords={}, library_number=library_number, by=by, key=key)


@contextmanager
def _alone(card: str, library_number: str) -> Iterator[None]:
    """Two presses at once are one: the second is refused, not queued. Without a cache nobody is held up."""
    turn = f"wechat:adding:{card}:{library_number}"
    try:
        free = cache.add(turn, 1, ADDING_S)
    except RedisError:
        free = True
        log.warning("cache is away: a template may be added twice")
    if not free:
        raise BeingAdded
    try:
        yield
    finally:
        with suppress(RedisError):
            cache.delete(turn)


def _added(account: WxAccount, library_number: str, keyword_names: Sequence[str]) -> str:
    body = {"template_id_short": library_number, "keyword_name_list": list(keyword_names)}
    return str(client_for(account).post("template/api_add_template", data=body).get("template_id", ""))


def pool_of(account: WxAccount) -> list[dict[str, str]]:
    """The account's templates as they were fetched last."""
    last: Json = account.checks.get("templates") or {}
    return list((last.get("facts") or {}).get("pool") or [])


def _title(template_id: str, pool: Sequence[Mapping[str, str]]) -> str:
    return next((one["title"] for one in pool if one["template_id"] == template_id), "")


def _kept(account: WxAccount) -> Receipt:
    """The last look at the templates is judged anew, so that the guide tells what is true now."""
    last = account.checks.get("templates")
    if last and "errcode" not in last["facts"]:
        wrong = list(dict.fromkeys(one.card for one in templates.judge(account.templates, pool_of(account))))
        last["ok"], last["facts"] = not wrong, last["facts"] | {"wrong": wrong}
    account.save(update_fields=["templates", "checks"])
    return Receipt("wechat_account", account.pk, facts={"cards": len(account.templates)})
