"""The file is handed out, to who asked or the branch's administrator; each time a line in the audit."""

from dataclasses import dataclass
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import F
from django.utils.translation import override

from apps.exports.errors import NotReady
from apps.exports.models import ExportJob
from apps.exports.selectors import job_for
from apps.exports.sources import source_for
from apps.exports.writers import FORMS
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.journal_store import refusals_noted, write_note


@dataclass(frozen=True)
class HandedOut:
    """An open file with its name and type; whoever sends it closes it."""

    file: IO[bytes]
    name: str
    mime: str
    size: int
    sha256: str


def hand_out(*, public_id: str, by: Actor) -> HandedOut:
    """The file, until it expires. Raises ExportNotFound, NotReady. The audit is written first."""
    told: dict[str, Any] = {"public_id": public_id}
    with refusals_noted("exports.download", by, told):
        row = job_for(by, public_id)
        if not is_there(row):
            raise NotReady
        file = default_storage.open(row.path)
    ExportJob.objects.filter(pk=row.pk).update(downloads=F("downloads") + 1)
    told |= {"sha256": row.sha256, "columns": row.columns, "rows": row.total}
    write_note("exports.download", by, told, entity="export", entity_id=row.pk)
    return HandedOut(file, name_of(by, row), FORMS[row.form].mime, row.size, row.sha256)


def is_there(row: ExportJob) -> bool:
    """Done, not expired, and still lying where it was put."""
    kept = row.state == "done" and row.expires_at is not None and clock.now() < row.expires_at
    return kept and default_storage.exists(row.path)


def name_of(by: Actor, row: ExportJob) -> str:
    """`工单记录_20261101-20261130.xlsx`, in the language of the file."""
    with override(row.language):
        return f"{source_for(by, row.source).word}_{row.first:%Y%m%d}-{row.last:%Y%m%d}.{row.form}"
