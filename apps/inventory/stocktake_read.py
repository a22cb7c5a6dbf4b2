"""Stocktakes as somebody may see them. Whoever takes part sees what was counted, never what the books say, until
somebody else has decided; an approver who kept out of it sees the differences of a closed count.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count as Number
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from apps.inventory.errors import CountBlind, CountNotFound
from apps.inventory.models import Batch, Count, CountFinding, CountLine, Item, Place, Tally
from apps.inventory.permissions import APPROVERS, KEEPERS, READERS
from apps.inventory.rules import counting as rule
from apps.inventory.selectors import MOST, PAGE, Page, page_of, places_for
from apps.inventory.services import _counts as counts
from apps.inventory.services import _papers as papers
from steppe.kernel.actors import Actor, require

LAST = 20  # own tallies that a page shows, to be taken back


@dataclass(frozen=True)
class Shelf:
    """A shelf to be counted: `counted` is what stands of it so far, None before anybody began. Nothing of the books."""

    line: int
    item: Item
    batch: str
    turn: int
    counted: Decimal | None


@dataclass(frozen=True)
class Sheet:
    """A count as its counters see it; `mine` are the reader's last tallies, the newest first."""

    count: Count
    shelves: Sequence[Shelf]
    mine: Sequence[Tally]

    @property
    def done(self) -> int:
        return sum(shelf.counted is not None for shelf in self.shelves)


@dataclass(frozen=True)
class Result:
    """A decided or closed count with every shelf and every number that is not where it should be."""

    count: Count
    lines: Sequence[CountLine]
    findings: Sequence[CountFinding]
    may_decide: bool


@dataclass(frozen=True)
class Accuracy:
    """Of the counts posted in a period: shelves counted, shelves without a difference, what the rest was worth."""

    counts: int
    lines: int
    right: int
    value: int

    @property
    def pct(self) -> float | None:
        return round(self.right * 100 / self.lines, 1) if self.lines else None


def counts_for(
    actor: Actor, *, state: str = "", place: str = "", after: str = "", limit: int = PAGE
) -> Page[Count]:  # fmt: skip
    """Counts of the reader's places, newest first; `after` is the number of the last one. Raises NotAllowed. One
    query.
    """
    told = {"state": state, "place__code": place}
    rows = _visible(actor).filter(**{field: value for field, value in told.items() if value})
    if after:
        last = Count.objects.filter(number=after)
        when, which = last.values("opened_at")[:1], last.values("pk")[:1]
        rows = rows.filter(Q(opened_at__lt=when) | Q(opened_at=when, pk__lt=which))
    limit = min(limit, MOST)
    found = list(_with_progress(rows).order_by("-opened_at", "-id")[: limit + 1])
    return page_of(found, limit, "number") if found else Page([], None)


def count_for(actor: Actor, number: str) -> Count:
    """One count with its progress (`lines_all`, `lines_done`). Raises NotAllowed, CountNotFound, also for what exists
    but is not theirs. One query.
    """
    found = _with_progress(_visible(actor)).filter(number=number).first()
    if found is None:
        raise CountNotFound
    return found


def counting_for(actor: Actor) -> list[Count]:
    """The open counts this person may count in, the oldest first. Raises NotAllowed. One query."""
    rows = _with_progress(_visible(actor)).filter(state=rule.COUNTING).order_by("opened_at", "id")
    return [count for count in rows if may_count(actor, count.place)]


def to_decide_for(actor: Actor) -> list[Count]:
    """Closed counts that wait for this person's decision, the oldest first. Raises NotAllowed. One query at most."""
    if not actor.holds(*APPROVERS):
        return []
    took_part = Tally.objects.filter(line__count=OuterRef("pk"), by=actor.ref)
    rows = _visible(actor).filter(~Exists(took_part), state=rule.CLOSED).exclude(opened_by=actor.ref)
    found = rows.exclude(closed_by=actor.ref).order_by("closed_at", "id")
    return [count for count in found if papers.reaches(actor.scopes(APPROVERS), count.place)]


def may_count(actor: Actor, place: Place) -> bool:
    """As services/_counts.py: check_counter decides. No query."""
    own = actor.technician_id is not None and place.technician_id == actor.technician_id
    return own or (actor.holds(*KEEPERS) and papers.reaches(actor.scopes(KEEPERS), place))


def sheet_for(actor: Actor, number: str) -> Sheet:
    """What there is to count and what has been. Raises NotAllowed, CountNotFound. Four queries."""
    count = count_for(actor, number)
    live = Tally.objects.filter(line__count=count, undone=False, turn=F("line__turn"))
    counted = dict(live.values_list("line").annotate(Sum("quantity")).values_list("line", "quantity__sum"))
    lines = count.lines.select_related("item", "batch").order_by("item__category", "item__code", "batch__number")
    shelves = [Shelf(line.pk, line.item, drum_of(line), line.turn, counted.get(line.pk)) for line in lines]
    mine = live.filter(by=actor.ref).select_related("line__item", "line__batch").order_by("-id")[:LAST]
    return Sheet(count, shelves, list(mine))


def drums_of(sheet: Sheet) -> dict[str, list[str]]:
    """The drums a counter may name, by item, whether they should be here or not. One query."""
    items = {shelf.item.pk for shelf in sheet.shelves if shelf.item.kind == "batch"}
    found: dict[str, list[str]] = defaultdict(list)
    for code, number in Batch.objects.filter(item__in=items).order_by("number").values_list("item__code", "number"):
        found[code].append(number)
    return found


def items_of(count: Count) -> QuerySet[Item]:
    """What may turn up in this count: every item of its category. No query by itself."""
    rows = Item.objects.order_by("category", "code")
    return rows.filter(category=count.category) if count.category else rows


def categories() -> list[str]:
    """The categories that can be counted alone. One query."""
    return list(Item.objects.order_by("category").values_list("category", flat=True).distinct())


def result_for(actor: Actor, number: str) -> Result:
    """The differences. Raises NotAllowed, CountNotFound; CountBlind for who takes part in what is not decided, for
    everybody while it is being counted, and for who goes out. Five queries.
    """
    require(actor, READERS)
    count = count_for(actor, number)
    may_decide = _may_decide(actor, count)
    if count.state != rule.POSTED and not may_decide:
        raise CountBlind(number=number)
    lines = count.lines.select_related("item", "batch").order_by("item__category", "item__code", "batch__number")
    findings = CountFinding.objects.filter(line__count=count).select_related("line__item", "place")
    found = list(findings.order_by("kind", "number"))
    for one in found:
        one.movable = one.movable and one.place is not None and counts.may_take(actor, one.place)
    return Result(count, list(lines), found, may_decide)


def may_see_result(actor: Actor, count: Count) -> bool:
    """Would result_for answer? One query at most."""
    return actor.holds(*READERS) and (count.state == rule.POSTED or _may_decide(actor, count))


def accuracy_for(
    actor: Actor, *, place: str = "", start: datetime | None = None, until: datetime | None = None
) -> Accuracy:
    """How true the books were found in a period, in the reader's places. Raises NotAllowed. One query."""
    require(actor, READERS)
    told = {"place__code": place, "decided_at__gte": start, "decided_at__lt": until}
    rows = _visible(actor).filter(state=rule.POSTED, **{field: value for field, value in told.items() if value})
    found = rows.aggregate(
        counts=Number("pk"), lines=Sum("lines_counted"), right=Sum("lines_right"), worth=Sum("value")
    )  # fmt: skip
    return Accuracy(found["counts"], found["lines"] or 0, found["right"] or 0, found["worth"] or 0)


def drum_of(line: CountLine) -> str:
    return line.batch.number if line.batch else ""


def _visible(actor: Actor) -> QuerySet[Count]:
    return Count.objects.filter(place__in=places_for(actor).order_by().values("pk")).select_related("place")


def _with_progress(rows: QuerySet[Count]) -> QuerySet[Count]:
    live = Tally.objects.filter(line=OuterRef("pk"), turn=OuterRef("turn"), undone=False)
    done = CountLine.objects.filter(Exists(live), count=OuterRef("pk")).order_by().values("count")
    every = CountLine.objects.filter(count=OuterRef("pk")).order_by().values("count")
    return rows.annotate(
        lines_all=every.annotate(n=Number("pk")).values("n"), lines_done=done.annotate(n=Number("pk")).values("n")
    )


def _may_decide(actor: Actor, count: Count) -> bool:
    """May this person decide about it now? One query at most."""
    if count.state != rule.CLOSED or not actor.holds(*APPROVERS):
        return False
    return papers.reaches(actor.scopes(APPROVERS), count.place) and not counts.took_part(actor, count)
