"""What somebody else decides about a closed count: into the books, or counted once more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.inventory.errors import BadCount, CountMovedOn
from apps.inventory.models import Count, CountFinding, CountLine
from apps.inventory.permissions import APPROVERS, KEEPERS
from apps.inventory.rules import counting as rule
from apps.inventory.services import _counts as counts
from apps.inventory.services import _papers as papers
from apps.inventory.services._count_papers import post_papers
from apps.inventory.services._figures import figures_of, findings_of, store_figures
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("inventory.approve_count")
def approve_count(*, number: str, move: Sequence[str] | None = None, version: int | None = None, by: Actor) -> Receipt:
    """Agreed and posted in one step: surplus, shortage, and `move`, the numbers found here that the books are to bring
    from elsewhere (None: all that can be, from where the approver may take them).

    Raises OwnCount, CountMovedOn, CountReserved, BadCount.
    """
    count = counts.lock_count(number, by, APPROVERS, version=version, states=[rule.CLOSED])
    counts.check_judge(by, count)
    stored = _stored(count)
    if stored != findings_of(count):
        raise CountMovedOn(number=number)
    posted = post_papers(count, _wanted(count, move, by), by)
    return counts.step(count, rule.POSTED, papers=posted, **_who(by))


@command("inventory.send_back_count")
def send_back_count(*, number: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """Not believed: every shelf that differs is counted from the beginning. Raises OwnCount, BadCount."""
    if not reason.strip():
        raise BadCount({"reason": [_("Say what is to be looked at again.")]})
    count = counts.lock_count(number, by, APPROVERS, version=version, states=[rule.CLOSED])
    counts.check_judge(by, count)
    differing = {one.line.pk for one in figures_of(count) if one.differs}
    for line in CountLine.objects.filter(pk__in=differing).order_by("pk"):
        CountLine.objects.filter(pk=line.pk).update(turn=line.turn + 1)
    return counts.step(count, rule.COUNTING, reason=reason.strip()[:200])


@command("inventory.work_out_count")
def work_out_count(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """The differences of a closed count once more, because units have turned up or moved on since."""
    count = counts.lock_count(number, by, (*KEEPERS, *APPROVERS), version=version, states=[rule.CLOSED])
    papers.check_reach(by, (*KEEPERS, *APPROVERS), count.place)
    return counts.step(count, rule.CLOSED, **store_figures(count, figures_of(count)))


def _stored(count: Count) -> set[tuple[int, str, str, int | None]]:
    rows = CountFinding.objects.filter(line__count=count)
    return set(rows.values_list("line", "number", "kind", "place"))


def _wanted(count: Count, move: Sequence[str] | None, by: Actor) -> set[str]:
    """The numbers to bring here, from places in the approver's reach. One query.

    Raises BadCount for one that cannot be.
    """
    rows = CountFinding.objects.filter(line__count=count, movable=True).select_related("place")
    movable = {row.number for row in rows if row.place and counts.may_take(by, row.place)}
    if move is None:
        return movable
    if strange := set(move) - movable:
        told = {"numbers": ", ".join(sorted(strange)[:5])}
        raise BadCount({"move": [_("These cannot be brought here by a stocktake: %(numbers)s.") % told]})
    return set(move)


def _who(by: Actor) -> dict[str, object]:
    return {"decided_by": by.ref, "decided_name": by.name[:60], "decided_at": clock.now()}
