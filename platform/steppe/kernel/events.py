"""Events: what has happened, in the past tense, as frozen dataclasses of ids and primitives.

A command collects them with `emit`; they are written to the outbox in the command's own transaction.
The relay numbers them after the commit and calls the subscribers, at least once each.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

EVENT_TYPES: dict[str, type["Event"]] = {}
SUBSCRIBERS: dict[str, "Subscriber"] = {}
HEAD = frozenset({"entity_id", "public_id", "version"})  # what every event has


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. `entity_id` is the row's id, `public_id` its name outside, `version` the row's version."""

    kind: ClassVar[str]
    entity: ClassVar[str]

    entity_id: int
    public_id: str
    version: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind in EVENT_TYPES:
            raise TypeError(f"two event classes are called {cls.kind}")
        EVENT_TYPES[cls.kind] = cls

    @property
    def facts(self) -> dict[str, Any]:
        """The event's own fields, as the outbox keeps them."""
        return {name: value for name, value in vars(self).items() if name not in HEAD}


@dataclass(frozen=True)
class EventRecord:
    """One numbered row of the outbox, as subscribers and screens read it."""

    seq: int
    kind: str
    entity: str
    entity_id: int
    public_id: str
    version: int
    facts: dict[str, Any]
    occurred_at: datetime

    def event(self) -> Event:
        """The typed event; fields this release does not know are left out (older code, newer row)."""
        cls = EVENT_TYPES[self.kind]
        known = {f.name for f in fields(cls)}
        own = {name: value for name, value in self.facts.items() if name in known}
        return cls(entity_id=self.entity_id, public_id=self.public_id, version=self.version, **own)


@dataclass(frozen=True)
class Subscriber:
    """A reader with a cursor of its own in every branch; must bear being called twice for one event.

    With `writes_branch` the cursor moves in the same transaction as the effect (which is then in the
    branch's schema). Without it (roll-ups in `public`) the handler guards itself by the event's number.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[EventRecord], None]
    writes_branch: bool = True


def subscribe(name: str, *event_types: type[Event], writes_branch: bool = True) -> Callable[..., Any]:
    """Register the decorated function as subscriber `name` of these event types."""

    def decorate(handle: Callable[[EventRecord], None]) -> Callable[[EventRecord], None]:
        if name in SUBSCRIBERS and SUBSCRIBERS[name].handle is not handle:
            raise TypeError(f"two subscribers are called {name}")
        kinds = frozenset(event_type.kind for event_type in event_types)
        SUBSCRIBERS[name] = Subscriber(name, kinds, handle, writes_branch)
        return handle

    return decorate
