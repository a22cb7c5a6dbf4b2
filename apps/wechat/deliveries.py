"""Reads for the pages of channels and deliveries: who got what, when, by which way, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet

from apps.people import roles
from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.wechat.models import PushOutbox, WecomMember
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.push.channels import CHANNELS
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require

READERS = (roles.DISPATCHER, roles.BRANCH_ADMIN)
PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the page is asked for; empty parts ask for everything. `before` is the last row of the page before."""

    day: date | None = None
    status: str = ""
    channel: str = ""
    reason: str = ""
    ticket: str = ""
    before: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of cards, newest first; how many of each state there are; what can be asked for; the next page."""

    rows: list[PushOutbox]
    counts: dict[str, int]
    reasons: list[str]
    more: int | None


@dataclass(frozen=True)
class Member:
    """A member of staff and their name in WeCom."""

    user_id: int
    name: str
    userid: str


def deliveries_for(actor: Actor, wanted: Wanted) -> Found:
    """The cards of tickets in the reader's reach. Three queries. Raises NotAllowed."""
    require(actor, READERS)
    rows = _rows(actor, wanted)
    some = _narrowed(rows, wanted).select_related("technician__user", "staff", "instead_of")
    page = list(some.order_by("-id")[: PAGE + 1])
    counts = dict(
        _narrowed(rows, replace(wanted, status="", before=None)).order_by().values_list("status").annotate(Count("id"))
    )
    reasons = rows.exclude(reason="").order_by("reason").values_list("reason", flat=True).distinct()
    return Found(page[:PAGE], counts, list(reasons), page[PAGE - 1].pk if len(page) > PAGE else None)


def members(actor: Actor) -> list[Member]:
    """Who could have a name in WeCom: the branch's technicians. Two queries. Raises NotAllowed."""
    require(actor, ACCOUNT_KEEPERS)
    names = dict(WecomMember.objects.values_list("user_id", "userid"))
    return [Member(one.user_id, one.user.name, names.get(one.user_id, "")) for one in people.technicians()]


def channels() -> Iterable[str]:
    """The names of all ways a row may go."""
    return CHANNELS


def _rows(actor: Actor, wanted: Wanted) -> QuerySet[PushOutbox]:
    """In reach, of the day and ticket that is asked for."""
    mine = tickets.visible_tickets(actor).values("public_id")
    rows = PushOutbox.objects.filter(ticket__in=mine)
    if wanted.ticket:
        rows = rows.filter(ticket=wanted.ticket)
    if wanted.day is None:
        return rows
    begin = datetime.combine(wanted.day, time(), clock.BUSINESS_ZONE)
    return rows.filter(made_at__gte=begin, made_at__lt=begin + timedelta(days=1))


def _narrowed(rows: QuerySet[PushOutbox], wanted: Wanted) -> QuerySet[PushOutbox]:
    asked = {"status": wanted.status, "channel": wanted.channel, "reason": wanted.reason, "pk__lt": wanted.before}
    return rows.filter(**{name: value for name, value in asked.items() if value})
