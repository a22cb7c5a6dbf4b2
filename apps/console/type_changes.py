"""What a version of a type changed, in the reader's words: for the page before publishing and the list of versions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from apps.console import type_words as words
from apps.tickets.rules.definitions import HOURS, Definition, Fee, Field, Option, word
from apps.tickets.rules.differences import GONE, NEW, ORDER, Change, differences
from apps.tickets.rules.judging import shown
from steppe.ui import formatting

LONGEST = 40  # of a text that is quoted


def sentences(old: Definition, new: Definition) -> list[str]:
    """Every difference of two versions as a line."""
    return [_sentence(one) for one in differences(old, new)]


def face_sentences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What lists and menus will show differently."""
    return [
        _was_now(str(words.NAMES[name]), _face(name, old.get(name)), _face(name, new.get(name)))
        for name in words.FACES
        if old.get(name) != new.get(name)
    ]


def _sentence(change: Change) -> str:
    if change.how == ORDER:
        return _("Another order of the fields: %(stage)s") % {"stage": words.STAGES[change.now][0]}
    if isinstance(change.named, Field | Fee):
        return _of_one(change, change.named)
    return _was_now(str(words.NAMES[change.part]), _value(change.part, change.was), _value(change.part, change.now))


def _of_one(change: Change, one: Field | Fee) -> str:
    name = word(one, get_language() or "")
    facts = _facts(one)
    if change.how == NEW:
        return _named(one, _("New field “%(name)s”: %(facts)s"), _("New fee “%(name)s”: %(facts)s"), name, facts)
    if change.how == GONE:
        return _named(one, _("Field “%(name)s” is gone"), _("Fee “%(name)s” is gone"), name, facts)
    told = _comma(_inside(change, part) for part in change.inside)
    return _named(one, _("Field “%(name)s”: %(facts)s"), _("Fee “%(name)s”: %(facts)s"), name, told)


def _named(one: Field | Fee, field: str, fee: str, name: str, facts: str) -> str:
    return (field if isinstance(one, Field) else fee) % {"name": name, "facts": facts}


def _facts(one: Field | Fee) -> str:
    """What there is to say of a new one."""
    if isinstance(one, Fee):
        return formatting.money(one.fen)
    need = _("must be filled in") if one.required else _("optional")
    return _comma([str(words.STAGES[one.stage][0]), str(words.KINDS[one.kind]), *filter(None, [one.unit]), need])


def _inside(change: Change, part: str) -> str:
    """One part of a field or fee that is another one now."""
    was, now = getattr(change.was, part), getattr(change.now, part)
    if part == "options":
        return _choices(was, now)
    show = _INSIDE.get(part, _plain)
    return _was_now(str(words.PARTS[part]), show(was), show(now))


def _choices(was: tuple[Option, ...], now: tuple[Option, ...]) -> str:
    """Choices by name; renamed or in another order where none came and none went."""
    language, before, after = get_language() or "", {one.code for one in was}, {one.code for one in now}
    came = [word(one, language) for one in now if one.code not in before]
    went = [word(one, language) for one in was if one.code not in after]
    told = [
        *([_("new choices %(names)s") % {"names": _comma(came)}] if came else []),
        *([_("without %(names)s") % {"names": _comma(went)}] if went else []),
    ]
    return _comma(told) if told else _("choices renamed or in another order")


def _value(name: str, value: Any) -> str:
    return _VALUES.get(name, _plain)(value)


def _face(name: str, value: Any) -> str:
    return _FACES.get(name, _plain)(value)


def _plain(value: Any) -> str:
    text = shown(value) if isinstance(value, int | float) else str(value or "")
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text or _("nothing")


def _flag(value: Any) -> str:
    return _("Yes") if value else _("No")


def _hours(value: Any) -> str:
    return " / ".join(shown(hours) if hours else "—" for hours in value)


def _skills(value: Any) -> str:
    known = dict(words.skills(list(value)))
    return _comma(known[code] for code in value) or _("nothing")


def _comma(parts: Iterable[str]) -> str:
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(parts)


def _was_now(name: str, was: str, now: str) -> str:
    return pgettext("what was, what is", "%(name)s: %(was)s → %(now)s") % {"name": name, "was": was, "now": now}


def _chosen(known: Mapping[Any, Any]) -> Callable[[Any], str]:
    return lambda value: str(known.get(value, _plain(value)))


_INSIDE: dict[str, Callable[[Any], str]] = {
    "required": _flag,
    "kind": _chosen(words.KINDS),
    "stage": lambda value: str(words.STAGES[value][0]),
    "fen": formatting.money,
}
_VALUES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(HOURS, _hours),
    "priority": _chosen(words.PRIORITIES),
    "appointment": _chosen(words.APPOINTMENTS),
    "dispatch_rule": _chosen(words.DISPATCH_RULES),
    "remote_allowed": _flag,
    "skills": _skills,
    "callback_pct": lambda value: f"{value} %",
    "first_queue": lambda value: value or _("The grid"),
}
_FACES: dict[str, Callable[[Any], str]] = {
    "kind": _chosen(words.WORKS),
    "customer_may_report": _flag,
    "hq_code": lambda value: dict(words.hq_types()).get(value, _plain(value)),
}
