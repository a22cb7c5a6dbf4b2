"""Consents to the use of a position, asked for here because positions are stored here. Kept by a room above.

    consents.kept_by(keeper)                     # in that room's AppConfig.ready()
    consents.stands(actor.ref, LOCATION)         # before a position is stored

Where nobody keeps consents there is none, and no position is stored.
"""

from typing import Protocol

LOCATION, PLACE_ONCE = "location", "place_once"


class Keeper(Protocol):
    """Who keeps consents. `who` is a name of the journal, as `staff:3`; `purpose` one of the names above."""

    def stands(self, who: str, purpose: str) -> bool:
        """Does the yes to the present text stand? One query at most."""

    def note(self, who: str, purpose: str, version: str) -> bool:
        """Keep a yes to this version of the text; False when it is not the present one."""


_keepers: list[Keeper] = []


def kept_by(keeper: Keeper) -> None:
    """Register the room that keeps them."""
    _keepers[:] = [keeper]


def stands(who: str, purpose: str) -> bool:
    """Has this person agreed, and not taken it back? One query at most."""
    return any(keeper.stands(who, purpose) for keeper in _keepers)


def note(who: str, purpose: str, version: str) -> bool:
    """Keep a yes that came together with something else; False for another text, or where nobody keeps it."""
    return any(keeper.note(who, purpose, version) for keeper in _keepers)
