"""Work points as a technician sees the own ones, and as a leader sees those of the people at or below the own node.

Nobody sees a peer's points. A balance is a sum of entries; what still waits for its callback is told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from apps.costing import points_words as words
from apps.costing.errors import EntryNotFound
from apps.costing.models import Period, WorkPointEntry
from apps.costing.permissions import READERS
from apps.costing.rules.periods import is_period, period_of, preceding
from apps.costing.rules.rulebook import Rulebook
from apps.costing.rulesets_read import Books
from apps.costing.services._periods import cut_off
from apps.people import selectors as people
from apps.people.errors import TechnicianNotFound
from apps.tickets.worked_read import Title, titles_of
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from apps.people.models import Technician

NONE = Decimal(0)
MOST = 200  # tickets or entries of one person's month on a page
MONTHS = 6
DEDUCTED = ("deduction", "clawback")


@dataclass(frozen=True)
class Entry:
    """An entry in words: what it is for, and how it came about line by line."""

    row: WorkPointEntry
    what: str
    lines: list[words.Line]

    @property
    def points(self) -> str:
        return words.signed(self.row.points)

    @property
    def waits(self) -> bool:
        return self.row.stage == "provisional"


@dataclass(frozen=True)
class OnTicket:
    """What a ticket paid one person in a month."""

    public_id: str
    ticket_no: str
    earned: Decimal
    waiting: Decimal
    title: Title | None

    @property
    def waits(self) -> bool:
        return bool(self.waiting)

    @property
    def points(self) -> Decimal:
        return self.earned + self.waiting


@dataclass(frozen=True)
class Month:
    """One person's month. `by_kind`: earned points by kind; `others`: entries that are about no ticket."""

    month: str
    state: str
    earned: Decimal
    waiting: Decimal
    by_kind: Mapping[str, Decimal]
    tickets: Sequence[OnTicket]
    others: Sequence[Entry]
    months: Sequence[tuple[str, Decimal]] = field(default_factory=tuple)
    more: bool = False

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """For a page: each kind in words with its points."""
        return [(words.word(words.KINDS, kind), words.signed(points)) for kind, points in self.by_kind.items()]

    @property
    def hours(self) -> Decimal:
        """Standard hours behind the points, by our default of ten minutes a point."""
        return self.earned / 6


def this_month() -> str:
    """The settlement month we are in."""
    return period_of(clock.now(), cut_off())


def known_month(month: str) -> str:
    """The month that is meant; what is none means the one we are in."""
    return month if is_period(month) else this_month()


def last_months() -> list[str]:
    """The settlement month we are in and those before, for a list to choose from."""
    names = [this_month()]
    while len(names) < MONTHS:
        names.append(preceding(names[-1]))
    return names


def my_month(actor: Actor, month: str = "") -> Month:
    """The technician's own month, with the months before. Raises NotAllowed. Seven queries."""
    return _month(_me(actor), month, months=True)


def month_of(actor: Actor, technician_id: int, month: str = "") -> Month:
    """Somebody's month, for who reads points at or above their node. Raises NotAllowed, TechnicianNotFound."""
    technician_for(actor, technician_id)
    return _month(technician_id, month, months=True)


def technician_for(actor: Actor, technician_id: int) -> "Technician":
    """The person, for who reads their points. Raises NotAllowed, TechnicianNotFound. One query."""
    require(actor, READERS)
    found = next((one for one in people.crew_below(actor.scopes(READERS)) if one.pk == technician_id), None)
    if found is None:
        raise TechnicianNotFound
    return found


def my_ticket(actor: Actor, public_id: str) -> list[Entry]:
    """The technician's own entries of one ticket, oldest first; released ones are left out. Three queries."""
    return told(_living(_entries(_me(actor)).filter(ticket=public_id)))


def my_total(actor: Actor, public_id: str) -> Decimal | None:
    """What a ticket pays the technician as far as it stands; None before there is anything. One query."""
    if actor.technician_id is None:
        return None
    rows = WorkPointEntry.objects.filter(technician_id=actor.technician_id, ticket=public_id)
    total: Decimal | None = rows.aggregate(total=Sum("points"))["total"]
    return total


def of_ticket(actor: Actor, public_id: str) -> list[Entry] | None:
    """Everybody's entries of one ticket, for who reads points where they stand; None for who does not. Four queries.

    The caller has asked tickets whether this person may see the ticket at all.
    """
    if not actor.holds(*READERS):
        return None
    crew = [one.pk for one in people.crew_below(actor.scopes(READERS))]
    return told(_living(_rows().filter(ticket=public_id, technician_id__in=crew)))


def entry_for(actor: Actor, entry_id: int) -> Entry:
    """One entry: the own, or of somebody whose points one reads. Raises EntryNotFound. At most four queries."""
    row = _rows().filter(pk=entry_id).first()
    if row is None or not _sees(actor, row):
        raise EntryNotFound
    return told([row])[0]


def entries_of(actor: Actor, technician_id: int, month: str = "", *, after: int = 0) -> list[Entry]:
    """A person's earned entries of a month, newest first, a page before the entry `after`. Four queries."""
    technician_for(actor, technician_id)
    rows = _entries(technician_id).filter(stage="earned", period=known_month(month))
    rows = rows.filter(pk__lt=after) if after else rows
    return told(list(rows.order_by("-id")[:MOST]))


def undoable(entries: Sequence[Entry]) -> set[int]:
    """Of these the bonuses and deductions that nobody has taken back. One query."""
    by_hand = [one.row.pk for one in entries if one.row.kind == "deduction" or one.row.code == "merit"]
    undone = WorkPointEntry.objects.filter(corrects__in=by_hand).values_list("corrects_id", flat=True)
    return set(by_hand) - set(undone)


@dataclass(frozen=True)
class Member:
    """One technician's month in a table."""

    technician: "Technician"
    earned: Decimal = NONE
    waiting: Decimal = NONE
    deducted: Decimal = NONE
    travel: Decimal = NONE
    tickets: int = 0


def team_month(actor: Actor, month: str = "") -> list[Member]:
    """Everybody at or below the reader's nodes, by unit. Raises NotAllowed. Two queries."""
    require(actor, READERS)
    crew, wanted = people.crew_below(actor.scopes(READERS)), known_month(month)
    rows = WorkPointEntry.objects.filter(technician__in=crew).filter(_of(wanted)).values("technician_id").annotate(
        earned=Sum("points", filter=Q(stage="earned"), default=NONE),
        waiting=Sum("points", filter=Q(stage="provisional"), default=NONE),
        deducted=Sum("points", filter=Q(kind__in=DEDUCTED), default=NONE),
        travel=Sum("points", filter=Q(kind="travel", stage="earned"), default=NONE),
        tickets=Count("ticket", filter=Q(stage="earned") & ~Q(ticket=""), distinct=True),
    )  # fmt: skip
    found = {row["technician_id"]: row for row in rows}
    return [_member(one, found.get(one.pk)) for one in crew if one.pk in found or one.user.is_active]


def _member(technician: "Technician", row: Any) -> Member:
    told = ("earned", "waiting", "deducted", "travel", "tickets")
    return Member(technician, **{name: row[name] for name in told}) if row else Member(technician)


def _me(actor: Actor) -> int:
    if actor.kind != "staff" or actor.technician_id is None:
        raise NotAllowed
    return actor.technician_id


def _of(month: str) -> Q:
    """Entries of a month; what waits stands in the one we are in."""
    waiting = Q(stage="provisional") if month == this_month() else Q(pk__in=[])
    return Q(stage="earned", period=month) | waiting


def _rows() -> QuerySet[WorkPointEntry]:
    return WorkPointEntry.objects.select_related("technician__user", "technician__org_unit", "corrects")


def _entries(technician_id: int) -> QuerySet[WorkPointEntry]:
    return _rows().filter(technician_id=technician_id)


def _living(rows: QuerySet[WorkPointEntry]) -> list[WorkPointEntry]:
    """Without provisional entries that were released: of each person and slot the newest, while something waits."""
    found = list(rows.order_by("id"))
    waiting: dict[tuple[int, str], Decimal] = {}
    for one in found:
        if one.stage == "provisional":
            slot = one.technician_id, one.code
            waiting[slot] = waiting.get(slot, NONE) + one.points
    last = {(one.technician_id, one.code): one for one in found if one.stage == "provisional"}
    kept = {one.pk for slot, one in last.items() if waiting[slot]}
    for slot, one in last.items():
        one.points = waiting[slot]
    return [one for one in found if one.stage == "earned" or one.pk in kept]


def _month(technician_id: int, month: str, *, months: bool) -> Month:
    wanted = known_month(month)
    rows = WorkPointEntry.objects.filter(technician_id=technician_id).filter(_of(wanted))
    by_kind = _by_kind(rows.filter(stage="earned"))
    tickets = _tickets(rows)
    period = Period.objects.filter(month=wanted).values_list("state", flat=True).first()
    return Month(
        wanted, period or "open", sum(by_kind.values(), NONE), _sum(rows.filter(stage="provisional")), by_kind,
        tickets[:MOST], told(list(_entries(technician_id).filter(_of(wanted), ticket="").order_by("-id")[:MOST])),
        _months(technician_id, wanted) if months else (), len(tickets) > MOST,
    )  # fmt: skip


def _sum(rows: QuerySet[WorkPointEntry]) -> Decimal:
    return Decimal(rows.aggregate(total=Sum("points", default=NONE))["total"])


def _by_kind(rows: QuerySet[WorkPointEntry]) -> dict[str, Decimal]:
    found = dict(rows.order_by().values_list("kind").annotate(points=Sum("points")))
    return {kind: found[kind] for kind in words.KINDS if found.get(kind)}


def _tickets(rows: QuerySet[WorkPointEntry]) -> list[OnTicket]:
    """By ticket, the newest first. Two queries."""
    sums = rows.exclude(ticket="").values("ticket", "ticket_no").annotate(
        earned=Sum("points", filter=Q(stage="earned"), default=NONE),
        waiting=Sum("points", filter=Q(stage="provisional"), default=NONE), newest=Max("id"),
        booked=Count("id", filter=Q(stage="earned")),
    )  # fmt: skip
    found = list(sums.filter(Q(booked__gt=0) | ~Q(waiting=NONE)).order_by("-newest")[: MOST + 1])
    titles = titles_of([one["ticket"] for one in found])
    return [
        OnTicket(one["ticket"], one["ticket_no"], one["earned"], one["waiting"], titles.get(one["ticket"]))
        for one in found
    ]


def _months(technician_id: int, wanted: str) -> list[tuple[str, Decimal]]:
    """The present month and those before, with what was earned. One query."""
    names = last_months()
    rows = WorkPointEntry.objects.filter(technician_id=technician_id, stage="earned", period__in=names)
    found = dict(rows.order_by().values_list("period").annotate(points=Sum("points")))
    return [(name, found.get(name, NONE)) for name in names if name in found or name in (names[0], wanted)]


def _sees(actor: Actor, row: WorkPointEntry) -> bool:
    if actor.technician_id is not None and actor.technician_id == row.technician_id:
        return True
    path = row.technician.org_unit.path
    return any(path.startswith(own) for own in actor.scopes(READERS))


def told(rows: Iterable[WorkPointEntry]) -> list[Entry]:
    """In words. One query for all rule sets, none for no entry."""
    found = list(rows)
    books = Books.load() if found else Books()
    return [_entry(one, books.named(one.rule_set_id).rules) for one in found]


def _entry(row: WorkPointEntry, book: Rulebook) -> Entry:
    return Entry(row, words.what_for(row, book), words.lines_of(row, book))


def as_facts(entry: Entry) -> dict[str, Any]:
    """An entry for the API."""
    row = entry.row
    return {
        "id": row.pk, "ticket": row.ticket, "ticket_no": row.ticket_no, "technician_id": row.technician_id,
        "kind": row.kind, "code": row.code, "stage": row.stage, "points": row.points, "period": row.period,
        "late": row.late, "what": entry.what, "reason": row.reason, "corrects": row.corrects_id, "by": row.by_name,
        "at": row.at, "lines": [vars(line) for line in entry.lines],
        "rule_set": row.rule_set_id, "inputs": row.inputs.get("work", {}),
    }  # fmt: skip
