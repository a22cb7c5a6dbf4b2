"""审计查询: who did what in one branch, read live from its own journal; or at headquarters itself.

Staff stand there by name, customers never. Arguments leave without anybody's words (rules/codes_only.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from apps.headquarters.branches_read import open_branch_for
from apps.headquarters.permissions import AUDIT
from apps.headquarters.rules.codes_only import facts_of
from apps.tickets import outside_read
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public

PAGE = 50
LONGEST = 92  # days of one search
OWN = "hq"  # headquarters' own journal
CUSTOMERS = Q(actor__startswith="customer") | Q(actor__startswith="anonymous")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`branch`: its code, or OWN. `what`: a part of the action's name. Days are inclusive. `before`: to go on."""

    branch: str
    first: date
    last: date
    who: str = ""
    what: str = ""
    ticket: str = ""
    outcome: str = ""  # done, refused; nothing: both
    before: int = 0


@dataclass(frozen=True)
class Line:
    """One line of the journal. `ticket`: public id and number, where it is about one."""

    id: int
    at: datetime
    who: str
    actor: str
    customer: bool
    action: str
    entity: str
    entity_id: int
    outcome: str
    facts: Sequence[tuple[str, str]]
    ticket: tuple[str, str] | None = None

    @property
    def done(self) -> bool:
        return self.outcome == "done"


@dataclass(frozen=True)
class Page:
    """Lines, newest first. `before` goes on, 0 at the end."""

    lines: Sequence[Line]
    before: int = 0


def search(actor: Actor, wanted: Wanted) -> Page:
    """One page of one branch's audit. Besides finding the branch at most three queries there.

    Raises NotAllowed, NoSuchBranch, BranchAway.
    """
    require(actor, AUDIT)
    if wanted.branch == OWN:
        with in_public():
            return _page(list(_rows(wanted, ())[: PAGE + 1]), {})
    with in_branch(open_branch_for(actor, wanted.branch)):
        tickets = outside_read.numbered(actor, wanted.ticket) if wanted.ticket else ()
        rows = list(_rows(wanted, tickets)[: PAGE + 1])
        return _page(rows, outside_read.numbers_of(actor, _about(rows)))


def _rows(wanted: Wanted, tickets: Sequence[int]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(at__gte=_begins(wanted.first), at__lt=_begins(wanted.last + timedelta(days=1)))
    if wanted.who:
        named = Q(actor_name__icontains=wanted.who) & ~CUSTOMERS
        rows = rows.filter(named | Q(actor=wanted.who))
    if wanted.what:
        rows = rows.filter(action__icontains=wanted.what)
    if wanted.ticket:
        rows = rows.filter(entity="ticket", entity_id__in=tickets)
    if wanted.outcome:
        rows = rows.filter(outcome="done") if wanted.outcome == "done" else rows.exclude(outcome="done")
    return (rows.filter(pk__lt=wanted.before) if wanted.before else rows).order_by("-id")


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BUSINESS_ZONE)


def _about(rows: Iterable[AuditEntry]) -> set[int]:
    return {one.entity_id for one in rows if one.entity == "ticket"}


def _page(rows: list[AuditEntry], tickets: dict[int, tuple[str, str]]) -> Page:
    lines = [_line(one, tickets) for one in rows[:PAGE]]
    return Page(lines, lines[-1].id if len(rows) > PAGE else 0)


def _line(one: AuditEntry, tickets: dict[int, tuple[str, str]]) -> Line:
    customer = one.actor.startswith(("customer", "anonymous"))
    return Line(
        one.pk, one.at, "" if customer else one.actor_name, one.actor, customer, one.action, one.entity, one.entity_id,
        one.outcome, facts_of(str(one.details.get("args", ""))),
        tickets.get(one.entity_id) if one.entity == "ticket" else None,
    )  # fmt: skip
