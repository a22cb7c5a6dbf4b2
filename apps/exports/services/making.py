"""The file is made: claimed, read page by page, written beside, hashed, kept in the branch's own folder.

The row is the truth. With every page the maker says how far it is, and learns whether the export is still its own: one
that was cancelled, or given to another after this one seemed dead, is dropped there. Nothing stands in a transaction.
Of a file of lines the next one keeps what is written (resuming.py).
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language, override

from apps.exports.columns import Column, Page, Source, Span
from apps.exports.errors import TooManyRows
from apps.exports.models import ExportJob
from apps.exports.services.desks import FILE, left_behind, new_desk, sweep_desk
from apps.exports.services.resuming import gone_on, mark_of, rights_of
from apps.exports.sources import source_for
from apps.exports.writers import FORMS, Form, Sheet
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, NotAllowed, OurFault
from steppe.kernel.tables import Key
from tenants.context import current_branch

LOST = timedelta(minutes=3)  # longer than a page or the closing of a file takes: whoever worked on it has died
KEPT = timedelta(days=7)
TRIES = 3
log = logging.getLogger("steppe.exports")


class NotOurs(Exception):
    """Cancelled, or another's by now."""


def make(public_id: str) -> str:
    """Make the file; the state it ends in. Harmless twice or at the same time: only who claims the row works."""
    row = _claimed(public_id)
    if row is None:
        return ExportJob.objects.filter(public_id=public_id).values_list("state", flat=True).first() or "gone"
    with override(row.language):
        try:
            _keep(row)
        except NotOurs:
            pass
        except DomainError as refusal:
            _give_up(row, refusal.sentence)
        except Exception:
            log.exception("export broke off", extra={"export": row.public_id, "attempt": row.attempt})
            _put_back(row)
    return ExportJob.objects.values_list("state", flat=True).get(pk=row.pk)


def waiting_exports() -> list[str]:
    """Those that wait for somebody, or were left behind. One query."""
    rows = ExportJob.objects.filter(_free()).order_by("touched_at")
    return list(rows.values_list("public_id", flat=True)[:20])


def files_of(row: ExportJob) -> list[str]:
    """Where each attempt may have left a file: also one that died before it could say so."""
    return [_path(row, attempt) for attempt in range(1, row.attempt + 1)]


def _free() -> Q:
    return Q(state="asked") | Q(state="running", touched_at__lt=clock.now() - LOST)


def _claimed(public_id: str) -> ExportJob | None:
    rows = ExportJob.objects.filter(public_id=public_id)
    taken = rows.filter(_free()).update(state="running", attempt=F("attempt") + 1, done=0, touched_at=clock.now())
    if not taken:
        return None
    row = rows.get()
    for path in files_of(row)[:-1]:
        default_storage.delete(path)
    if row.attempt > TRIES:
        sweep_desk(public_id)
        _give_up(row, OurFault().sentence)
        return None
    return row


def _keep(row: ExportJob) -> None:
    """Raises NotOurs, and what the source raises: NotAllowed for who may not have it any more."""
    left, desk = left_behind(row.public_id), new_desk(row.public_id)
    try:
        made = desk / FILE
        _write(row, made, left, _who(row))
        sha256 = _sum(made)
        with open(made, "rb") as file:
            path = default_storage.save(_path(row, row.attempt), File(file))
        _finish(row, path=path, sha256=sha256, size=made.stat().st_size)
    finally:
        rmtree(desk, ignore_errors=True)


def _write(row: ExportJob, path: Path, left: list[Path], actor: Actor) -> None:
    """Page by page, behind what is written already. What has come since it was asked for may be more than the format
    bears. Raises TooManyRows.
    """
    source, form, span = source_for(actor, row.source), FORMS[row.form], Span(row.first, row.last, row.period)
    columns, rights = source.chosen(row.columns), rights_of(actor)
    mark = gone_on(row, left, path, rights)
    sweep_desk(row.public_id, but=path.parent)
    writer = form.writer(path, sheet_of(str(source.word), columns, span), mark.size if mark else 0)
    done = mark.rows if mark else 0
    for page in pages_of(source, form, actor, span, columns, mark.key if mark else None):
        done += len(page[0])
        if form.most and done > form.most:
            raise TooManyRows(form=str(form.word), most=form.most, rows=done)
        writer.page(page)
        _tell(row, done, mark_of(writer, page, done, rights))
    writer.close()
    _tell(row, done)


def pages_of(
    source: Source, form: Form, actor: Actor, span: Span, columns: list[Column], after: Key | None = None
) -> Iterator[Page]:
    """The source's pages as the format likes them best, those behind `after`."""
    more: dict[str, Any] = {"after": after} if after else {}
    if source.writes and form.texts:
        more["written"] = [one.code for one in columns if one.kind == "moment"]
    return source.read(actor, span, [one.code for one in columns], **more)


def sheet_of(title: str, columns: list[Column], span: Span) -> Sheet:
    """What stands above the rows; no moment of its making. In the language that is active."""
    branch = current_branch()
    english = (get_language() or "").startswith("en")
    name = branch.name_en if english and branch.name_en else branch.name
    return Sheet(title, f"{span.first:%Y-%m-%d} – {span.last:%Y-%m-%d}", name, columns)


def _who(row: ExportJob) -> Actor:
    """Who asked, as they stand now. Raises NotAllowed for who has left."""
    found = people.actor_for_user(int(row.asked_by.partition(":")[2]))
    if found is None:
        raise NotAllowed
    return found


def _tell(row: ExportJob, done: int, mark: dict[str, Any] | None = None) -> None:
    """How far it is. Raises NotOurs."""
    total = F("total") if done <= row.total else done
    if not _own(row).update(done=done, total=total, mark=mark, touched_at=clock.now()):
        raise NotOurs


def _finish(row: ExportJob, *, path: str, sha256: str, size: int) -> None:
    now = clock.now()
    facts = {"path": path, "sha256": sha256, "size": size, "touched_at": now, "finished_at": now}
    if not _own(row).update(state="done", total=F("done"), expires_at=now + KEPT, **facts):
        default_storage.delete(path)
        raise NotOurs


def _give_up(row: ExportJob, sentence: str) -> None:
    now = clock.now()
    _own(row).update(state="failed", refusal=sentence[:400], touched_at=now, finished_at=now)


def _put_back(row: ExportJob) -> None:
    """Another try at once, as long as there are any."""
    if row.attempt >= TRIES:
        _give_up(row, OurFault().sentence)
    else:
        _own(row).update(state="asked", touched_at=clock.now())


def _own(row: ExportJob) -> "QuerySet[ExportJob]":
    return ExportJob.objects.filter(pk=row.pk, state="running", attempt=row.attempt)


def _path(row: ExportJob, attempt: int) -> str:
    return f"{current_branch().uuid}/exports/{row.public_id}-{attempt}.{row.form}"


def _sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
