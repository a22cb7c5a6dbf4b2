"""A report that was begun somewhere else (written in a chat, by a scanned code) and is finished in the form.

The form knows no other way in, and the room that keeps such beginnings is a stranger to it: it registers here.

    begun.kept_by(opener)                        # in that room's AppConfig.ready()
    begun.open_for(actor, public_id)             # in the form: what to fill in, or None
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Begun:
    """What is known already. `lat`/`lng` as received, in `datum`; `waiting` pictures are still on their way here."""

    text: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    datum: str = ""
    source: str = ""
    photos: tuple[str, ...] = ()
    waiting: int = 0


class Keeper(Protocol):
    """Who keeps beginnings. Both ask for the actor: a beginning is one person's and nobody else's."""

    def open(self, by: Actor, public_id: str) -> Begun | None:
        """What was begun; it stays until `close`. None for anything else."""

    def close(self, by: Actor, public_id: str) -> None:
        """The report was sent."""


_keepers: list[Keeper] = []


def kept_by(keeper: Keeper) -> Keeper:
    """Register a room that keeps beginnings."""
    _keepers.append(keeper)
    return keeper


def open_for(by: Actor, public_id: str) -> Begun | None:
    """What this person began under this name, or None: sent, too old, or somebody else's."""
    return _first(lambda keeper: keeper.open(by, public_id))


def close_for(by: Actor, public_id: str) -> None:
    """The report was sent: nothing of its beginning stays."""
    for keeper in _keepers:
        keeper.close(by, public_id)


def _first(ask: Callable[[Keeper], Begun | None]) -> Begun | None:
    return next((found for keeper in _keepers if (found := ask(keeper)) is not None), None)
