"""What people say of work and who still has to decide: claims, contested shares, repeats; for phone and desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import Q

from apps.costing import points_words as words
from apps.costing.errors import TicketUnknown
from apps.costing.models import RepeatReview, TeamAnswer, TeamDecision, WorkClaim
from apps.costing.permissions import DECIDERS
from apps.costing.rules.points import Share
from apps.costing.rules.rulebook import Difficulty, Quantity, Rulebook
from apps.costing.rulesets_read import Books
from apps.costing.services._facts import counts_at, shares_of
from apps.costing.services._repeats import paid_for
from apps.costing.services._scope import team_of
from apps.costing.services.claims import FINISHED, enterable
from apps.people import selectors as people
from apps.tickets.worked_read import Title, WorkedTicket, titles_of, worked_ticket, worked_tickets
from steppe.kernel.actors import Actor, require

if TYPE_CHECKING:
    from apps.people.models import Technician

MOST = 100


@dataclass(frozen=True)
class Member:
    """One of a team with the share, and what they said of it."""

    technician_id: int
    name: str
    pct: int
    answer: TeamAnswer | None


@dataclass(frozen=True)
class Sheet:
    """A finished ticket for one of its team: the claim that counts, what can be claimed, the shares.

    `main`: the reader finished it as its main technician; `decided`: the grid leader's word on the shares.
    """

    public_id: str
    finished: bool
    main: bool
    claim: WorkClaim | None
    difficulties: Sequence[Difficulty]
    quantities: Sequence[Quantity]
    team: Sequence[Member]
    decided: TeamDecision | None
    title: Title | None

    @property
    def shared(self) -> bool:
        return len(self.team) > 1

    @property
    def may_claim(self) -> bool:
        return self.main and self.finished and (self.claim is None or self.claim.state != "confirmed")

    @property
    def may_answer(self) -> bool:
        return self.shared and self.finished and not self.main and self.decided is None


def sheet_for(actor: Actor, public_id: str) -> tuple[Sheet, TeamAnswer | None]:
    """The sheet, and what the reader said of the shares. Raises TicketUnknown for who is none of the team."""
    ticket = worked_ticket(public_id)
    if ticket is None or actor.technician_id is None or not _took_part(actor.technician_id, ticket):
        raise TicketUnknown
    book = Books.load().at(counts_at(ticket)).rules
    answers = {one.technician_id: one for one in TeamAnswer.objects.filter(ticket=public_id)}
    decided = TeamDecision.objects.filter(ticket=public_id).order_by("-id").first()
    claim = WorkClaim.objects.filter(ticket=public_id).exclude(state="replaced").order_by("-id").first()
    sheet = Sheet(
        public_id, ticket.status in FINISHED, team_of(ticket)[:1] == (actor.technician_id,), claim, book.difficulties,
        enterable(ticket, book), _members(shares_of(ticket, decided), answers), decided,
        titles_of([public_id]).get(public_id),
    )  # fmt: skip
    return sheet, answers.get(actor.technician_id)


def claimed(sheet: Sheet) -> list[tuple[str, str]]:
    """The sheet's claim as pairs of what and how much; of what the rules do not know any more nothing. No query."""
    book = Rulebook(difficulties=tuple(sheet.difficulties), quantities=tuple(sheet.quantities))
    return says(sheet.claim, book) if sheet.claim else []


def _took_part(technician_id: int, ticket: WorkedTicket) -> bool:
    return technician_id in team_of(ticket) or technician_id in ticket.visits


def _members(shares: Sequence[Share], answers: dict[int, TeamAnswer]) -> list[Member]:
    names = people.technicians_by_id(one.technician_id for one in shares)
    return [
        Member(one.technician_id, names[one.technician_id].user.name, one.pct, answers.get(one.technician_id))
        for one in shares
    ]


@dataclass(frozen=True)
class Claim:
    """A claim in words, for who decides. `own`: the reader worked on it, a colleague decides."""

    row: WorkClaim
    title: Title | None
    says: Sequence[tuple[str, str]]
    own: bool


@dataclass(frozen=True)
class Contested:
    """A team that does not agree."""

    public_id: str
    title: Title | None
    team: Sequence[Member]
    own: bool


@dataclass(frozen=True)
class Repeat:
    """A repeat whose cause nobody has named, with both visits. `row.reopened`: of one and the same ticket."""

    row: RepeatReview
    title: Title | None
    first: Title | None
    by_first: Sequence[str]
    by_repeat: Sequence[str]
    own: bool


@dataclass(frozen=True)
class Waiting:
    """All that waits for this person's word; the oldest first."""

    claims: Sequence[Claim]
    contested: Sequence[Contested]
    repeats: Sequence[Repeat]

    @property
    def count(self) -> int:
        return len(self.claims) + len(self.contested) + len(self.repeats)


def waiting_for(actor: Actor) -> Waiting:
    """Claims, shares and repeats at or below the person's nodes. Raises NotAllowed. About 20 queries, however many."""
    require(actor, DECIDERS)
    reach = _reach(actor)
    proposed = WorkClaim.objects.select_related("technician__user").filter(reach, state="proposed")
    claims = list(proposed.order_by("at")[:MOST])
    contested = _contested(reach)
    reviews = list(RepeatReview.objects.filter(reach, state="open").order_by("found_at")[:MOST])
    names = {*(one.ticket for one in claims), *contested, *(one.ticket for one in reviews)}
    names |= {one.first for one in reviews}
    known = _Known.of(names, reopened={one.ticket for one in reviews if one.reopened})
    return Waiting(
        [_claim(actor, one, known) for one in claims if one.ticket in known.tickets],
        [_team(actor, name, known) for name in contested if name in known.tickets],
        [_repeat(actor, one, known) for one in reviews if one.ticket in known.tickets],
    )


def how_many_wait_for(actor: Actor) -> int:
    """The figure for a badge. One query."""
    if not actor.holds(*DECIDERS):
        return 0
    reach = _reach(actor)
    claims = WorkClaim.objects.filter(reach, state="proposed").values("ticket")
    contested = TeamAnswer.objects.filter(reach, agrees=False, settled=False).values("ticket").distinct()
    reviews = RepeatReview.objects.filter(reach, state="open").values("ticket")
    return claims.union(contested, reviews, all=True).count()


@dataclass(frozen=True)
class _Known:
    tickets: dict[str, WorkedTicket]
    titles: dict[str, Title]
    people: dict[int, "Technician"]
    decisions: dict[str, TeamDecision]
    answers: dict[str, dict[int, TeamAnswer]]
    books: Books
    paid: dict[str, list[int]]

    @classmethod
    def of(cls, names: set[str], *, reopened: set[str]) -> "_Known":
        tickets = {one.public_id: one for one in worked_tickets(names)}
        paid = paid_for(reopened)
        everybody = {who for one in tickets.values() for who in team_of(one)} | {*chain(*paid.values())}
        answers: dict[str, dict[int, TeamAnswer]] = {}
        for one in TeamAnswer.objects.filter(ticket__in=names):
            answers.setdefault(one.ticket, {})[one.technician_id] = one
        decided = TeamDecision.objects.filter(ticket__in=names).order_by("id")
        return cls(
            tickets, titles_of(names), people.technicians_by_id(everybody), {one.ticket: one for one in decided},
            answers, Books.load(), paid,
        )  # fmt: skip

    def crew(self, name: str) -> list[str]:
        ticket = self.tickets.get(name)
        return self.named(team_of(ticket)) if ticket else []

    def named(self, technicians: Iterable[int]) -> list[str]:
        return [self.people[who].user.name for who in technicians]


def _reach(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for path in actor.scopes(DECIDERS):
        found |= Q(org_path__startswith=path)
    return found


def _contested(reach: Q) -> list[str]:
    rows = TeamAnswer.objects.filter(reach, agrees=False, settled=False).order_by("at")
    return list(dict.fromkeys(rows.values_list("ticket", flat=True)[:MOST]))


def _claim(actor: Actor, row: WorkClaim, known: _Known) -> Claim:
    ticket = known.tickets[row.ticket]
    book = known.books.at(counts_at(ticket)).rules
    own = actor.technician_id in team_of(ticket)
    return Claim(row, known.titles.get(row.ticket), says(row, book), own)


def says(claim: WorkClaim, book: Rulebook) -> list[tuple[str, str]]:
    """A claim as pairs of what and how much. No query."""
    found = book.difficulty(claim.difficulty)
    told = [(words.claimed("difficulty"), f"{words.named(found)} × {words.plain(found.factor)}")] if found else []
    told += [(words.named(one), claim.quantities[one.code]) for one in book.quantities if one.code in claim.quantities]
    if claim.km is not None:
        told.append((words.claimed("own_km" if claim.own_car else "km"), f"{words.plain(claim.km, 1)} km"))
    return told


def _team(actor: Actor, name: str, known: _Known) -> Contested:
    ticket, answers = known.tickets[name], known.answers.get(name, {})
    shares = shares_of(ticket, known.decisions.get(name))
    team = [
        Member(one.technician_id, known.people[one.technician_id].user.name, one.pct, answers.get(one.technician_id))
        for one in shares
    ]
    return Contested(name, known.titles.get(name), team, actor.technician_id in team_of(ticket))


def _repeat(actor: Actor, row: RepeatReview, known: _Known) -> Repeat:
    teams = [team_of(known.tickets[name]) for name in (row.ticket, row.first) if name in known.tickets]
    paid = known.paid.get(row.first, [])
    own = any(actor.technician_id in team for team in (*teams, paid))
    titles = (known.titles.get(row.ticket), known.titles.get(row.first))
    first = known.named(paid) if row.reopened else known.crew(row.first)  # somebody else may have the ticket by now
    return Repeat(row, *titles, first, known.crew(row.ticket), own)
