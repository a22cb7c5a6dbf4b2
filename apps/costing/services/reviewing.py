"""Three people look at every line before the month is approved: grid leader, department's manager, accountant.

Each looks at what lies in the own reach, never at the own line and never twice at the same one. Where nobody of a
level is left for a line, because it is the leader's own or the place is vacant, the role above looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.costing.models import LineReview, Period, SettlementLine
from apps.costing.permissions import LOOKERS
from apps.costing.rules import settling as rule
from apps.costing.rules.periods import PUBLISHED
from apps.costing.services import _lines as lines
from apps.costing.services import _settling as settling
from apps.costing.services.settlement import check_settled
from apps.costing.settlement_errors import MonthNotFound, NothingToLookAt
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

Holders = Sequence[tuple[int, str]]


@command("costing.review_lines")
def review_lines(*, month: str, level: str, version: int | None = None, by: Actor) -> Receipt:
    """I have looked at all confirmed lines in my reach that have come to this level. With the last look at the last
    line the month is reviewed. Raises NothingToLookAt, NotAllowed, and what lock_month finds. Locks the month.
    """
    if level not in LOOKERS:
        raise MonthNotFound
    period = settling.lock_month(month, by, LOOKERS[level], version=version, states=[PUBLISHED])
    mine = waiting_for(period, level, by)
    if not mine:
        raise NothingToLookAt
    now = clock.now()
    LineReview.objects.bulk_create(
        LineReview(line=one, level=level, by=by.ref, by_name=by.name[:60], at=now) for one in mine
    )
    settling.note(period, level, by, data={"lines": len(mine)})
    if not _all_seen(period):
        return settling.receipt(period, level, lines=len(mine))
    check_settled(period)
    return settling.move(period, "review", "reviewed", by)


@dataclass(frozen=True)
class _Looker:
    """Who looks, on which level, and who else could."""

    by: Actor
    level: str
    holders: Holders

    def may(self, line: SettlementLine, seen_by: Iterable[str]) -> bool:
        """Is this line for this person? Not the own one, not one looked at before, and not another's business."""
        seen = set(seen_by)
        if line.technician_id == self.by.technician_id or self.by.ref in seen:
            return False
        own, *above = LOOKERS[self.level]
        if self._reaches(line, [own]):
            return True
        return self._reaches(line, above) and not self._somebody_else(line, seen)

    def _reaches(self, line: SettlementLine, roles: Iterable[str]) -> bool:
        return any(line.org_path.startswith(path) for path in self.by.scopes(roles))

    def _somebody_else(self, line: SettlementLine, seen: set[str]) -> bool:
        """Could anybody of the level's own role look at it?"""
        return any(
            line.org_path.startswith(path) and who != line.technician.user_id and f"staff:{who}" not in seen
            for who, path in self.holders
        )


def waiting_for(period: Period, level: str, by: Actor) -> list[SettlementLine]:
    """The lines that wait for this person's look on this level. Three queries."""
    looker = _Looker(by, level, people.holders_of(LOOKERS[level][:1]))
    rows = lines.lines_of(period).filter(state=rule.CONFIRMED).select_related("technician").order_by("technician")
    found = []
    for line in rows.prefetch_related("reviews"):
        reviews = list(line.reviews.all())
        come = rule.next_level(one.level for one in reviews) == level
        if come and looker.may(line, (one.by for one in reviews)):
            found.append(line)
    return found


def _all_seen(period: Period) -> bool:
    """Has every line all its looks? One query."""
    rows = lines.lines_of(period).prefetch_related("reviews")
    return all(rule.next_level(one.level for one in line.reviews.all()) is None for line in rows)
