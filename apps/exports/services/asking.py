"""A table is asked for, and perhaps called off again. The file is made beside (making.py)."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.exports.columns import Source, Span
from apps.exports.errors import BadExport, Over, TooManyAtOnce, TooManyRows
from apps.exports.models import UNFINISHED, ExportJob
from apps.exports.selectors import job_for
from apps.exports.sources import source_for
from apps.exports.writers import FORMS, Form
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection

AT_ONCE = 5
MOST_DAYS = 3700
_QUEUE = 0x45585054  # the first half of the lock's name; the second is the person


@command("exports.ask_export")
def ask_export(
    *, source: str, form: str, period: str, first: date, last: date, columns: Sequence[str], by: Actor
) -> Receipt:
    """Write down what is wanted, of the actor's own scope. The audit keeps which columns were asked for.

    Raises SourceNotFound, BadExport, TooManyRows, TooManyAtOnce. Locks: the person's queue until commit.
    """
    table = source_for(by, source)
    shape, span, total = counted(table, form, period, first, last, columns, by)
    _in_turn(by)
    row = written(table, shape, span, [one.code for one in table.chosen(columns)], total, by)
    return Receipt("export", row.pk, row.public_id, facts={"state": row.state, "total": total})


@command("exports.cancel_export")
def cancel_export(*, public_id: str, by: Actor) -> Receipt:
    """Call it off: who makes the file stops at the next page. Raises ExportNotFound, Over. Locks: the export's row."""
    row = ExportJob.objects.select_for_update().get(pk=job_for(by, public_id).pk)
    if row.state not in UNFINISHED:
        raise Over
    now = clock.now()
    row.state, row.touched_at, row.finished_at = "cancelled", now, now
    row.save(update_fields=["state", "touched_at", "finished_at"])
    return Receipt("export", row.pk, row.public_id, facts={"state": row.state, "total": row.total})


def counted(
    table: Source, form: str, period: str, first: date, last: date, columns: Sequence[str], by: Actor
) -> tuple[Form, Span, int]:
    """What was asked for, judged, and how many rows it is. Raises BadExport, TooManyRows. One query, as the table."""
    span, shape = checked(table, form, period, first, last, columns)
    total = table.count(by, span)
    if shape.most and total > shape.most:
        raise TooManyRows(form=str(shape.word), most=shape.most, rows=total)
    return shape, span, total


def checked(
    table: Source, form: str, period: str, first: date, last: date, columns: Sequence[str]
) -> tuple[Span, Form]:
    """Each thing that is wrong, at its field. Raises BadExport."""
    wrong: dict[str, list[str]] = {}
    known = {one.code for one in table.columns}
    shape = FORMS.get(form)
    if shape is None:
        wrong["form"] = [_("Choose one of the formats.")]
    if period not in dict(table.periods):
        wrong["period"] = [_("Choose which moment must lie in the period.")]
    if not 0 <= (last - first).days < MOST_DAYS or first.year < 2000 or last.year > 2200:
        wrong["last"] = [_("The last day lies before the first, or more than ten years after it.")]
    if not columns or set(columns) - known:
        wrong["columns"] = [_("Choose at least one of the columns.")]
    elif shape and shape.wide and len(set(columns)) > shape.wide:
        wrong["columns"] = [_("A printed page has room for %(most)s columns. Leave some out.") % {"most": shape.wide}]
    if wrong or shape is None:
        raise BadExport(wrong)
    return Span(first, last, period), shape


def _in_turn(by: Actor) -> None:
    """Nobody fills the queue: two requests of one person come one after the other. Raises TooManyAtOnce."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema() || %s))", [_QUEUE, by.ref])
    waiting = ExportJob.objects.filter(asked_by=by.ref, state__in=UNFINISHED).count()
    if waiting >= AT_ONCE:
        raise TooManyAtOnce(count=waiting)


def written(table: Source, form: Form, span: Span, columns: list[str], total: int, by: Actor) -> ExportJob:
    """The row of an export that waits for its maker."""
    now = clock.now()
    told: dict[str, Any] = {"source": table.code, "form": form.code, "period": span.by}
    return ExportJob.objects.create(
        public_id=uuid.uuid4().hex, first=span.first, last=span.last, columns=columns, total=total,
        language=(get_language() or "zh-hans")[:12], asked_by=by.ref, asked_name=by.name[:60], asked_at=now,
        touched_at=now, **told,
    )  # fmt: skip
