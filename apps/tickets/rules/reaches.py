"""How far a ticket is called out: its grid's own people, the nearest, the grid, the branch, the dispatcher. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

OWNER, NEAR, GRID, BRANCH, ALARM = REACHES = ("owner", "near", "grid", "branch", "alarm")
_AFTER = {OWNER: NEAR, NEAR: GRID, GRID: BRANCH, BRANCH: ALARM}


def first_reach(*, owner_minutes: float, owners: int, by_hand: bool) -> str:
    """With whom a ticket begins: its owners, if it is kept for them and one of them can come."""
    if by_hand:
        return ALARM
    return OWNER if owner_minutes and owners else NEAR


def next_reach(reach: str) -> str:
    """The wider one; after the alarm there is none."""
    return _AFTER.get(reach, "")


def last_series(reached: Sequence[str]) -> int:
    """Where the series that runs began: a wave that goes no farther than the one before it is the first of another."""
    far = [REACHES.index(one) for one in reached]
    return max((n for n in range(1, len(far)) if far[n] <= far[n - 1]), default=0)


def next_at(
    reach: str, now: datetime, *, asked: int, owner_minutes: float, wave_minutes: tuple[float, ...]
) -> datetime | None:
    """When it is called out wider. `asked`: who was told in this series; nobody: there is nothing to
    wait for. The whole branch was asked: the accept clock decides when the dispatcher must act.
    """
    second, third = wave_minutes
    waits = {OWNER: owner_minutes, NEAR: second, GRID: third - second}
    if reach == ALARM or (reach == BRANCH and asked):
        return None
    return now + timedelta(minutes=waits.get(reach, 0) if asked else 0)
