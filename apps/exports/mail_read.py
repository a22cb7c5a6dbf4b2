"""Reports by mail as their owner sees them, the administrator, and who gets them; to everybody else there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.exports.errors import ScheduleNotFound
from apps.exports.models import Letter, MailAddress, Mailing, Schedule
from apps.exports.permissions import is_administrator
from apps.exports.sources import roles_of_all, sources_for
from apps.people import selectors as people
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed

SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """A schedule with its newest mailing, that one's letters, and who gets it. `mine`: the reader may stop it;
    `gets`: the reader is one of those who get it.
    """

    row: Schedule
    names: Sequence[str]
    mine: bool
    gets: bool
    last: Mailing | None = None
    letters: Sequence[Letter] = field(default_factory=tuple)


@dataclass(frozen=True)
class Person:
    """Somebody of the staff, with the mail address the administrator has entered; empty for none."""

    user_id: int
    name: str
    address: str


def is_set_up() -> bool:
    """Does whoever runs the system name a mail server and a sender? No query."""
    return bool(settings.STEPPE_MAIL_HOST and settings.STEPPE_MAIL_FROM)


def schedules_for(actor: Actor) -> list[Shown]:
    """Own ones and those the reader gets, an administrator everybody's, the newest first. Four queries."""
    rows = list(_seen(actor).exclude(state="removed").order_by("-id")[:SHOWN])
    newest = Mailing.objects.filter(schedule__in=rows).order_by("schedule", "-id").distinct("schedule")
    last = {one.schedule_id: one for one in newest.select_related("export")}
    letters: dict[int, list[Letter]] = {}
    for one in Letter.objects.filter(mailing__in=last.values()).order_by("id"):
        letters.setdefault(one.mailing_id, []).append(one)
    names = people.names_of(f"staff:{user}" for row in rows for user in row.staff)
    return [_shown(actor, row, names, last.get(row.pk), letters) for row in rows]


def schedule_for(actor: Actor, public_id: str) -> Schedule:
    """One the reader may stop. Raises ScheduleNotFound, also for who only gets it. One query."""
    found = _seen(actor).filter(public_id=public_id).first()
    if found is None or not _is_mine(actor, found):
        raise ScheduleNotFound
    return found


def schedule_to_leave(actor: Actor, public_id: str, address: str = "") -> Schedule:
    """One that goes to this address, proved by its letter (the system asks), or to the reader. One query."""
    rows = Schedule.objects.exclude(state="removed").filter(public_id=public_id)
    if address:
        found = rows.first() if actor.kind == "system" else None
    else:
        found = rows.filter(staff__contains=[actor.id]).first() if actor.kind == "staff" else None
    if found is None:
        raise ScheduleNotFound
    return found


def people_to_choose(actor: Actor) -> list[Person]:
    """Staff with a mail address, by name. Raises NotAllowed. Two queries."""
    require(actor, roles_of_all())
    return [one for one in _people() if one.address]


def addresses_for(actor: Actor) -> list[Person]:
    """Everybody of the staff, for who enters their addresses. Raises NotAllowed. Two queries."""
    if not is_administrator(actor):
        raise NotAllowed
    return _people()


def _people() -> list[Person]:
    known = dict(MailAddress.objects.values_list("user_id", "address"))
    return [Person(one.pk, one.name, known.get(one.pk, "")) for one in people.accounts()]


def _seen(actor: Actor) -> "QuerySet[Schedule]":
    require(actor, roles_of_all())
    rows = Schedule.objects.filter(source__in=[one.code for one in sources_for(actor)])
    if is_administrator(actor):
        return rows
    return rows.filter(Q(asked_by=actor.ref) | Q(staff__contains=[actor.id]))


def _is_mine(actor: Actor, row: Schedule) -> bool:
    return row.asked_by == actor.ref or is_administrator(actor)


def _shown(
    actor: Actor, row: Schedule, names: dict[str, str], last: Mailing | None, letters: dict[int, list[Letter]]
) -> Shown:
    mine = _is_mine(actor, row)
    own = [one for one in letters.get(last.pk, ()) if mine or one.user_id == actor.id] if last else []
    whom = [*(names.get(f"staff:{user}", "") for user in row.staff), *row.outside] if mine else []
    return Shown(row, whom, mine, actor.id in row.staff, last, own)
