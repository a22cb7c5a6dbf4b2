"""Reports that are due are made, and when the file is there a letter is written for each who gets it.

The sweep calls `begin_due` and `follow`. A mailing is the period's own row: made twice is made once. Everything is
done with the rights of who asked for the schedule, as they stand on the day.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.exports.errors import SourceNotFound
from apps.exports.models import Letter, Mailing, Schedule
from apps.exports.rules import mailing as rule_of
from apps.exports.services.asking import counted, written
from apps.exports.services.recipients import is_allowed, reachable
from apps.exports.services.scheduling import stand_still
from apps.exports.sources import SOURCES, source_for
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import DomainError

AT_ONCE = 20
OVER = ("failed", "cancelled", "expired")


def due_schedules() -> list[Schedule]:
    """Those whose time has come, the oldest first. One query."""
    return list(Schedule.objects.filter(state="active", next_at__lte=clock.now()).order_by("next_at")[:AT_ONCE])


def begin(row: Schedule) -> str:
    """The public id of the export that was begun for what is due; empty where there is nothing to make."""
    actor = people.actor_for_user(int(row.asked_by.partition(":")[2]))
    with override(row.language):
        if actor is None or row.next_at is None:
            _stop(row.pk)
            return ""
        receipt = begin_mailing(
            public_id=row.public_id, due=row.next_at.isoformat(), by=actor, key=f"{row.public_id}/{row.version}"
        )
    return str(receipt.facts["export"])


@command("exports.begin_mailing")
def begin_mailing(*, public_id: str, due: str, by: Actor) -> Receipt:
    """Ask for the period's file and set the next time. Once for each period, whatever is asked twice.

    Locks: the schedule's row.
    """
    row = Schedule.objects.select_for_update().get(public_id=public_id)
    if row.state != "active" or row.next_at is None or row.next_at.isoformat() != due:
        return Receipt("schedule", row.pk, row.public_id, row.version, {"export": ""})
    export = _begun(row, by)
    now = clock.now()
    row.next_at = rule_of.due(row.rule, row.day, row.minute, max(row.next_at, now - rule_of.STALE))
    row.version += 1
    row.save(update_fields=["next_at", "version"])
    return Receipt("schedule", row.pk, row.public_id, row.version, {"export": export})


def follow() -> None:
    """Mailings whose file is ready, or will never be. One query, four for each that goes on."""
    rows = Mailing.objects.filter(state__in=("making", "sending")).select_related("schedule", "export").order_by("id")
    for one in rows[:AT_ONCE]:
        with override(one.schedule.language), transaction.atomic():
            _follow(one)


def _begun(row: Schedule, by: Actor) -> str:
    """Raises nothing that could be said: what cannot be made stands in the mailing."""
    assert row.next_at is not None
    first, last = rule_of.days_of(row.rule, row.next_at)
    mailing, new = Mailing.objects.get_or_create(
        schedule=row, first=first, last=last, defaults={"begun_at": clock.now()}
    )
    if not new:
        return ""
    try:
        table = source_for(by, row.source)
        form, span, total = counted(table, row.form, row.period, first, last, row.columns, by)
    except DomainError as refusal:
        _give_up(mailing, refusal.sentence)
        return ""
    mailing.export = written(table, form, span, row.columns, total, by)
    mailing.save(update_fields=["export"])
    return mailing.export.public_id


def _follow(mailing: Mailing) -> None:
    if mailing.state == "sending":
        _look_whether_all_are_out(mailing)
    elif mailing.export is None or mailing.export.state in OVER:
        _give_up(mailing, mailing.export.refusal if mailing.export else _("The file is not there any more."))
    elif mailing.export.state == "done":
        _write_letters(mailing)


def _write_letters(mailing: Mailing) -> None:
    row, now = mailing.schedule, clock.now()
    table = SOURCES.get(row.source)
    if table is None:
        raise SourceNotFound
    whom: dict[str, int | None] = {address: None for address in row.outside if is_allowed(address)}
    whom |= {address: user for user, address in reachable(table, row.staff)}
    letters = [
        Letter(mailing=mailing, public_id=uuid.uuid4().hex, user_id=user, address=to, next_try_at=now, touched_at=now)
        for to, user in whom.items()
    ]
    if not letters:
        _give_up(mailing, _("Nobody is left who may get it."))
        return
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    Mailing.objects.filter(pk=mailing.pk, state="making").update(state="sending")


def _look_whether_all_are_out(mailing: Mailing) -> None:
    states = list(mailing.letters.values_list("state", flat=True))
    if not {"waiting", "sending"} & set(states):
        state = "sent" if "sent" in states or "unsure" in states else "failed"
        Mailing.objects.filter(pk=mailing.pk).update(state=state, finished_at=clock.now())


def _give_up(mailing: Mailing, sentence: str) -> None:
    mailing.state, mailing.refusal, mailing.finished_at = "failed", sentence[:400], clock.now()
    mailing.save(update_fields=["state", "refusal", "finished_at"])


def _stop(pk: int) -> None:
    with transaction.atomic():
        row = Schedule.objects.select_for_update().get(pk=pk)
        stand_still(row, _("Who asked for it is not here any more."))
