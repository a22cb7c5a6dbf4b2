"""A report is put on a schedule, changed, stopped, gone on with, taken away; a recipient leaves."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.exports.columns import Source
from apps.exports.errors import BadSchedule, MailNotSetUp, Over, ScheduleMoved, TooManySchedules
from apps.exports.mail_read import is_set_up, schedule_for, schedule_to_leave
from apps.exports.models import MailAddress, Schedule
from apps.exports.rules import mailing as rule_of
from apps.exports.services.asking import checked
from apps.exports.services.recipients import complaints
from apps.exports.sources import source_for
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

MOST = 20


@command("exports.save_schedule")
def save_schedule(
    *,
    source: str,
    form: str,
    period: str,
    rule: str,
    day: int,
    at: time,
    columns: Sequence[str],
    staff: Sequence[int],
    outside: Sequence[str],
    by: Actor,
) -> Receipt:
    """Write down what goes out when to whom. Raises SourceNotFound, MailNotSetUp, BadExport, BadSchedule,
    TooManySchedules.
    """
    table = source_for(by, source)
    if not is_set_up():
        raise MailNotSetUp
    told = _settled(table, form, period, rule, day, at, columns, staff, outside)
    there = Schedule.objects.filter(asked_by=by.ref).exclude(state="removed").count()
    if there >= MOST:
        raise TooManySchedules(count=there)
    return _receipt(_written(table, told, by))


@command("exports.change_schedule")
def change_schedule(
    *,
    public_id: str,
    version: int,
    form: str,
    period: str,
    rule: str,
    day: int,
    at: time,
    columns: Sequence[str],
    staff: Sequence[int],
    outside: Sequence[str],
    by: Actor,
) -> Receipt:
    """The same table, another way, from the next time on; one that stands still goes on standing still.

    Whose report it is does not change, nor what is on its way already. Raises ScheduleNotFound, ScheduleMoved,
    BadExport, BadSchedule. Locks: the schedule's row.
    """
    row = _locked(schedule_for(by, public_id))
    if row.version != version:
        raise ScheduleMoved
    told = _settled(source_for(by, row.source), form, period, rule, day, at, columns, staff, outside)
    for name, value in told.items():
        setattr(row, name, value)
    row.next_at = _next(row) if row.state == "active" else None
    row.version += 1
    row.save(update_fields=[*told, "next_at", "version"])
    return _receipt(row)


@command("exports.pause_schedule")
def pause_schedule(*, public_id: str, by: Actor) -> Receipt:
    """Nothing goes out until it is gone on with. Raises ScheduleNotFound, Over. Locks: the schedule's row."""
    return _turn(by, public_id, ("active",), "paused")


@command("exports.resume_schedule")
def resume_schedule(*, public_id: str, by: Actor) -> Receipt:
    """From the next time on; what was left out meanwhile is not sent. Raises ScheduleNotFound, Over. Locks: the row."""
    return _turn(by, public_id, ("paused",), "active")


@command("exports.remove_schedule")
def remove_schedule(*, public_id: str, by: Actor) -> Receipt:
    """For good. Raises ScheduleNotFound, Over. Locks: the schedule's row."""
    return _turn(by, public_id, ("active", "paused"), "removed")


@command("exports.leave_schedule")
def leave_schedule(*, public_id: str, address: str = "", by: Actor) -> Receipt:
    """A recipient wants no more of it: somebody of the staff, or (by the link of a letter) an address. Harmless twice.

    Raises ScheduleNotFound. Locks: the schedule's row.
    """
    row = _locked(schedule_to_leave(by, public_id, address))
    gone = MailAddress.objects.filter(address=address).values_list("user_id", flat=True) if address else [by.id]
    row.staff = [one for one in row.staff if one not in set(gone)]
    row.outside = [one for one in row.outside if one != address]
    if row.state == "active" and not (row.staff or row.outside):
        row.state, row.next_at, row.trouble = "paused", None, _("Nobody is left who gets it.")
    _save(row)
    return _receipt(row)


def stand_still(row: Schedule, trouble: str) -> None:
    """It cannot go out any more; why is said on the page."""
    row.state, row.next_at, row.trouble = "paused", None, trouble[:400]
    _save(row)


def _settled(
    table: Source, form: str, period: str, rule: str, day: int, at: time, columns: Sequence[str], staff: Sequence[int],
    outside: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """The columns of the row. Each thing that is wrong is said at its field."""
    if not rule_of.fits(rule, day):
        raise BadSchedule({"day": [_("Choose a day that fits the period.")]})
    first, last = rule_of.days_of(rule, clock.now())
    checked(table, form, period, first, last, columns)
    chosen = table.chosen(columns)
    if wrong := complaints(table, staff, outside, private=any(one.private for one in chosen)):
        raise BadSchedule(wrong)
    told = {"form": form, "period": period, "rule": rule, "day": day, "minute": at.hour * 60 + at.minute}
    return told | {"columns": [one.code for one in chosen], "staff": list(staff), "outside": list(outside)}


def _written(table: Source, told: dict[str, Any], by: Actor) -> Schedule:
    row = Schedule(
        public_id=uuid.uuid4().hex, source=table.code, language=(get_language() or "zh-hans")[:12], asked_by=by.ref,
        asked_name=by.name[:60], asked_at=clock.now(), **told,
    )  # fmt: skip
    row.next_at = _next(row)
    row.save(force_insert=True)
    return row


def _turn(by: Actor, public_id: str, before: tuple[str, ...], state: str) -> Receipt:
    row = _locked(schedule_for(by, public_id))
    if row.state not in before:
        raise Over
    row.state, row.trouble = state, ""
    row.next_at = _next(row) if state == "active" else None
    _save(row)
    return _receipt(row)


def _next(row: Schedule) -> datetime:
    return rule_of.due(row.rule, row.day, row.minute, clock.now())


def _locked(row: Schedule) -> Schedule:
    return Schedule.objects.select_for_update().get(pk=row.pk)


def _save(row: Schedule) -> None:
    row.version += 1
    row.save(update_fields=["state", "trouble", "next_at", "staff", "outside", "version"])


def _receipt(row: Schedule) -> Receipt:
    return Receipt("schedule", row.pk, row.public_id, row.version, {"state": row.state})
