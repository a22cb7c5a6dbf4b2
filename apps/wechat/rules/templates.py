"""Is a branch's choice of templates what WeChat says it has? Asked before it is kept, so that 47003 and 40037 never
reach a card. Pure. A pool is `template_list` of get_all_private_template (or `data` of newtmpl/gettemplate)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.wechat.rules import values
from apps.wechat.rules.cards import CARDS, FACTS

_PLACE = re.compile(r"\{\{\s*([A-Za-z_]+\d+)\.DATA\s*\}\}")
_LABELLED = re.compile(r"([^\s:：{}]+)\s*[:：]\s*\{\{\s*([A-Za-z_]+\d+)\.DATA\s*\}\}")
# What a reader expects of each fact; in another type of key it would be cut to nothing or invented.
FITTING: dict[str, tuple[str, ...]] = {
    "number": ("character_string", "thing"),
    "fault": ("thing", "short_thing"),
    "area": ("thing", "short_thing"),
    "time": ("time", "date"),
    "status": ("phrase", "thing", "short_thing"),
}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with the template of one card, and with which part of it.

    `rule`: `unknown_card`, `no_id` (nothing entered), `not_in_pool` (the account has no such template), `no_keywords`,
    `unknown_fact`, `no_such_keyword` (the template has no such place), `unknown_type` (a type of key we cannot fill),
    `wrong_type` (a fact in a key that cannot show it), `twice` (two facts in one key), `left_empty` (a place of the
    template that no fact fills: WeChat refuses the card).
    """

    card: str
    rule: str
    part: str = ""


def judge(config: Mapping[str, Any], pool: Iterable[Mapping[str, Any]]) -> list[Complaint]:
    """Everything that is wrong with `{card: {"template_id", "keywords": {fact: key}}}`, in the order of the cards."""
    known = {_id(one): keys_of(one) for one in pool}
    return [complaint for card, entry in config.items() for complaint in _wrong(card, entry, known)]


def keys_of(template: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a template of the pool, in their order: `{{thing2.DATA}}` → `thing2`."""
    return tuple(dict.fromkeys(_PLACE.findall(str(template.get("content", "")))))


def by_label(template: Mapping[str, Any]) -> dict[str, str]:
    """Which fact belongs into which key, by the labels before the places: `工单编号：{{character_string1.DATA}}`.

    A label that is none of ours is left to `judge`, which says that its place stays empty.
    """
    found = dict(_LABELLED.findall(str(template.get("content", ""))))
    return {fact: found[label] for fact, label in FACTS.items() if label in found}


def _id(template: Mapping[str, Any]) -> str:
    return str(template.get("template_id") or template.get("priTmplId") or "")


def _wrong(card: str, entry: Mapping[str, Any], known: Mapping[str, tuple[str, ...]]) -> Iterator[Complaint]:
    template_id, keywords = str(entry.get("template_id") or ""), entry.get("keywords") or {}
    if card not in CARDS:
        yield Complaint(card, "unknown_card")
    elif not template_id:
        yield Complaint(card, "no_id")
    elif template_id not in known:
        yield Complaint(card, "not_in_pool", template_id)
    elif not keywords:
        yield Complaint(card, "no_keywords")
    else:
        yield from _wrong_keywords(card, keywords, known[template_id])


def _wrong_keywords(card: str, keywords: Mapping[str, str], places: tuple[str, ...]) -> Iterator[Complaint]:
    filled = list(keywords.values())
    for fact, key in keywords.items():
        if rule := _wrong_keyword(fact, key, places):
            yield Complaint(card, rule, fact if rule == "unknown_fact" else key)
    yield from (Complaint(card, "twice", key) for key in dict.fromkeys(filled) if filled.count(key) > 1)
    yield from (Complaint(card, "left_empty", key) for key in places if key not in filled)


def _wrong_keyword(fact: str, key: str, places: tuple[str, ...]) -> str:
    if fact not in FACTS:
        return "unknown_fact"
    if key not in places:
        return "no_such_keyword"
    kind = key.rstrip("0123456789")
    if kind not in values.RULES:
        return "unknown_type"
    return "" if kind in FITTING[fact] else "wrong_type"
