"""What the branch decides for itself: clocks, promise, waves, fairness, and the days that are not like the others.

The values stand in `public` with the branch's row, the days in its own schema; each change is one command in one of
them. New tickets take the new targets, tickets that are there keep theirs; hours and days count for all that runs, from
now on: what was counted stays counted.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from apps.people import services as people
from apps.tickets.errors import BadServiceDay, BadSettings, DayNotFound
from apps.tickets.models import ServiceDay, Ticket
from apps.tickets.permissions import SETTINGS_KEEPERS
from apps.tickets.rules.branch_settings import complaints
from apps.tickets.rules.calendar import Hours
from apps.tickets.rules.workflow import FINAL
from apps.tickets.services._clocks import hours_of, service_calendar
from apps.tickets.wording import sentences
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal_store import refusals_noted
from tenants import services as tenants
from tenants.context import current_branch, policy


def change_settings(*, wanted: Mapping[str, Any], stamp: str, by: Actor, key: str) -> Receipt:
    """Decide these values anew; `stamp` names what one has seen. Only what differs is written, with who and when.

    Raises NotAllowed, BadSettings (naming each field), PolicyMoved when somebody else was faster.
    """
    with refusals_noted("tickets.change_settings", by, {"wanted": dict(wanted)}):
        check_keeper(by)
        if found := complaints(wanted, policy()):
            raise BadSettings(sentences(found))
    receipt = tenants.change_policy(tenant_id=current_branch().pk, wanted=dict(wanted), stamp=stamp, by=by, key=key)
    _follow(receipt.facts["changes"])
    return receipt


def _follow(changes: Mapping[str, Any]) -> None:
    """What stands in the branch's own tables; doing it twice does no harm."""
    if "technician_cap" in changes:
        people.level_caps(before=changes["technician_cap"][0], now=changes["technician_cap"][1])
    if "service" in changes:
        _wind_anew()


@command("tickets.set_service_day")
def set_service_day(*, day: date, title: str, opens: time | None, closes: time | None, by: Actor) -> Receipt:
    """A holiday (no hours), or a day with hours of its own; a second time it is changed. Not for days that are over.

    Raises BadServiceDay (naming the field).
    """
    check_keeper(by)
    _check_day(day, title, opens, closes)
    _check_begun(day, {day: hours_of(opens, closes)})
    known, _new = ServiceDay.objects.update_or_create(
        day=day, defaults={"name": title.strip(), "opens": opens, "closes": closes}
    )
    _wind_anew()
    return Receipt("service_day", known.pk, day.isoformat(), 0, {"day": day.isoformat()})


@command("tickets.remove_service_day")
def remove_service_day(*, day: date, by: Actor) -> Receipt:
    """The day is like the others again. Raises DayNotFound, BadServiceDay for one that is over."""
    check_keeper(by)
    _check_ahead(day)
    _check_begun(day, {})
    known = ServiceDay.objects.select_for_update().filter(day=day).first()
    if known is None:
        raise DayNotFound
    pk = known.pk
    known.delete()
    _wind_anew()
    return Receipt("service_day", pk, day.isoformat(), 0, {"day": day.isoformat()})


def check_keeper(by: Actor) -> None:
    """Settings are the whole branch's: the role held at one of its units is not enough."""
    require(by, SETTINGS_KEEPERS)
    if by.kind != "system" and not any(path.count("/") == 2 for path in by.scopes(SETTINGS_KEEPERS)):
        raise NotAllowed


def _check_day(day: date, title: str, opens: time | None, closes: time | None) -> None:
    _check_ahead(day)
    if not title.strip():
        raise BadServiceDay({"title": [str(BadServiceDay.unnamed)]})
    if (opens is None) != (closes is None):
        raise BadServiceDay({"opens" if opens is None else "closes": [str(BadServiceDay.half)]})
    if opens is not None and closes is not None and opens >= closes:
        raise BadServiceDay({"closes": [str(BadServiceDay.order)]})


def _check_ahead(day: date) -> None:
    """What was counted stays counted."""
    if day.isoformat() < clock.today():
        raise BadServiceDay({"day": [str(BadServiceDay.over)]})


def _check_begun(day: date, anew: Mapping[date, Hours | None]) -> None:
    """Of today the hours that have passed stay as they were. One query, or none for a day that is ahead."""
    if day.isoformat() > clock.today():
        return
    calendar, now = service_calendar(), clock.now()
    others = {one: hours for one, hours in calendar.special.items() if one != day}
    if replace(calendar, special={**others, **anew}).served(day, now) != calendar.served(day, now):
        raise BadServiceDay({"day": [str(BadServiceDay.begun)]})


def _wind_anew() -> None:
    """The calendar has changed: the sweep looks at every ticket that still runs, a turn after the other."""
    Ticket.objects.exclude(status__in=FINAL).update(next_clock_at=clock.now())
