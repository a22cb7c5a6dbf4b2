"""Addresses of the rooms beside us. We know their names only: strangers do not import each other."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from steppe.kernel.journal import stream


def address(name: str, default: str = "") -> str:
    """The address of another room's page, or the default where that room is not built in."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return default


@dataclass(frozen=True)
class Live:
    """What <fs-live> starts from: read before the data of the page, so that nothing falls between."""

    epoch: str
    seq: int
    hints: str

    @classmethod
    def now(cls) -> "Live":
        """One query."""
        head = stream.head()
        return cls(head.epoch, head.seq, address("realtime:hints", "/live/hints"))
