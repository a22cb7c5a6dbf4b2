"""How many things wait at a page, told by the room that knows: rooms that are strangers share one top bar.

badges.counted("wechat:guide", in_trouble)      # in the room's AppConfig.ready()
"""

from collections.abc import Callable

_COUNTS: dict[str, Callable[[], int]] = {}


def counted(name: str, count: Callable[[], int]) -> None:
    """`count` says how many things wait at the page with this address's name. It may ask the database once."""
    _COUNTS[name] = count


def waiting(name: str) -> int:
    """How many wait there; 0 for a page nobody counts for."""
    return _COUNTS[name]() if name in _COUNTS else 0
