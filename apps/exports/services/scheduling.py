"""A report is put on a schedule, stopped, gone on with, taken away; a recipient leaves."""

import uuid
from collections.abc import Sequence
from datetime import time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.exports.columns import Source
from apps.exports.errors import BadSchedule, MailNotSetUp, Over, TooManySchedules
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
    _check(table, form, period, rule, day, columns, staff, outside)
    there = Schedule.objects.filter(asked_by=by.ref).exclude(state="removed").count()
    if there >= MOST:
        raise TooManySchedules(count=there)
    chosen = [one.code for one in table.chosen(columns)]
    told = {"form": form, "period": period, "rule": rule, "day": day, "minute": at.hour * 60 + at.minute}
    row = _written(table, told | {"columns": chosen, "staff": list(staff), "outside": list(outside)}, by)
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


def _check(
    table: Source, form: str, period: str, rule: str, day: int, columns: Sequence[str], staff: Sequence[int],
    outside: Sequence[str],
) -> None:  # fmt: skip
    """Each thing that is wrong, at its field."""
    if not rule_of.fits(rule, day):
        raise BadSchedule({"day": [_("Choose a day that fits the period.")]})
    first, last = rule_of.days_of(rule, clock.now())
    checked(table, form, period, first, last, columns)
    private = any(one.private for one in table.chosen(columns))
    if wrong := complaints(table, staff, outside, private=private):
        raise BadSchedule(wrong)


def _written(table: Source, told: dict[str, Any], by: Actor) -> Schedule:
    now = clock.now()
    return Schedule.objects.create(
        public_id=uuid.uuid4().hex, source=table.code, language=(get_language() or "zh-hans")[:12], asked_by=by.ref,
        asked_name=by.name[:60], asked_at=now, **told,
        next_at=rule_of.due(told["rule"], told["day"], told["minute"], now),
    )  # fmt: skip


def _turn(by: Actor, public_id: str, before: tuple[str, ...], state: str) -> Receipt:
    row = _locked(schedule_for(by, public_id))
    if row.state not in before:
        raise Over
    row.state, row.trouble = state, ""
    row.next_at = rule_of.due(row.rule, row.day, row.minute, clock.now()) if state == "active" else None
    _save(row)
    return _receipt(row)


def _locked(row: Schedule) -> Schedule:
    return Schedule.objects.select_for_update().get(pk=row.pk)


def _save(row: Schedule) -> None:
    row.version += 1
    row.save(update_fields=["state", "trouble", "next_at", "staff", "outside", "version"])


def _receipt(row: Schedule) -> Receipt:
    return Receipt("schedule", row.pk, row.public_id, row.version, {"state": row.state})
