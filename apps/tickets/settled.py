"""Which closed tickets may still change what somebody is paid: the archive leaves those alone (domain.md §3.2, T28).

The room that settles the months is a stranger to this one: it registers here. Where nobody does, nothing waits.

    settled.told_by(spans)                       # in that room's AppConfig.ready()
    settled.unsettled(before)                    # in the night's turn
"""

from collections.abc import Callable
from datetime import datetime

Span = tuple[datetime, datetime]  # from (with) and until (without)
Teller = Callable[[datetime], list[Span]]
_tellers: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Register who knows the months that were not settled for good before a moment."""
    _tellers[:] = [teller]


def unsettled(before: datetime) -> list[Span]:
    """What closed within these may still be disputed, exempted or paid anew. One query at most."""
    return [span for teller in _tellers for span in teller(before)]
