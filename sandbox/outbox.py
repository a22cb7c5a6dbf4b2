"""Everything that was delivered, as the assertion API shows it (WeChat doc: §4.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sandbox.models import Card, Letter, Person
from sandbox.state import State

CHANNELS = ("template", "subscribe", "custom", "wecom", "robot", "sms")
FILTERS = ("appid", "openid", "user_id", "to")


def sent_things(state: State, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """What reached its people by `channel` ("template" if none is named, "all" for everything), oldest first."""
    channel = query.get("channel") or "template"
    if channel not in (*CHANNELS, "all"):
        raise ValueError(f"channel is one of {', '.join(CHANNELS)}, or all")
    every = [*map(_card, state.cards), *map(_letter, state.letters)]
    every.sort(key=lambda it: it["at"])
    wanted = {name: query[name] for name in FILTERS if query.get(name)}
    lost = bool(query.get("lost"))
    return [it for it in every if _fits(it, channel, wanted) and it["delivered"] is not lost]


def letters_of(state: State, user_id: str, channels: Iterable[str]) -> list[Letter]:
    """What one person received by these channels, oldest first."""
    return [it for it in state.letters if it.user_id == user_id and it.channel in channels and it.delivered]


def find_letter(state: State, person: Person, msgid: str) -> Letter:
    """A message this person has received by another channel."""
    for letter in reversed(state.letters):
        if (letter.msgid, letter.user_id, letter.delivered) == (msgid, person.user_id, True):
            return letter
    raise ValueError(f"no message {msgid}")


def _fits(thing: dict[str, Any], channel: str, wanted: dict[str, str]) -> bool:
    return channel in ("all", thing["channel"]) and all(thing[name] == value for name, value in wanted.items())


def _card(card: Card) -> dict[str, Any]:
    # A msgid is beyond what JavaScript's numbers hold, so it is text here.
    return {**asdict(card), "msgid": str(card.msgid), "to": card.openid}


def _letter(letter: Letter) -> dict[str, Any]:
    return {**asdict(letter), "openid": letter.to if letter.channel == "custom" else ""}
