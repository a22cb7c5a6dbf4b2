"""A file of lines whose maker was killed is gone on with: what it had written is there, up to the last page it told of.

The mark in the row says how many bytes and rows those were, their SHA-256, the key of the last row, and with which
rights they were read. Who takes over copies these bytes into a folder of its own (the old maker may still be alive) and
reads on behind the key. Other bytes, other rights, another machine: begun anew.
"""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any

from apps.exports.models import ExportJob
from apps.exports.writers import FORMS, Writer
from apps.exports.writers.growing import Growing
from steppe.kernel.actors import Actor
from steppe.kernel.hashing import digest
from steppe.kernel.tables import Part


@dataclass(frozen=True)
class Mark:
    """`key`: of the last row that is written, as texts and numbers."""

    size: int
    rows: int
    sha256: str
    key: list[Any]
    rights: str


def mark_of(writer: Writer, page: Any, rows: int, rights: str) -> dict[str, Any] | None:
    """How far the file has come with this page; None where nobody could go on."""
    told = getattr(writer, "mark", None)
    if told is None or not isinstance(page, Part):
        return None
    size, sha256 = told()
    return asdict(Mark(size, rows, sha256, [_plain(one) for one in page.last], rights))


def gone_on(row: ExportJob, olds: list[Path], path: Path, rights: str) -> Mark | None:
    """The mark, with its bytes copied to `path` from one of the files that were left; None to begin anew."""
    if row.mark is None or not FORMS[row.form].grows:
        return None
    mark = Mark(**row.mark)
    if mark.rights != rights:
        return None
    return next((mark for old in olds if _copied(old, path, mark)), None)


def rights_of(actor: Actor) -> str:
    """The same grants, the same name; what was read with others must not be in the file."""
    return digest("exports.rights", {"grants": sorted((one.role, one.org_path) for one in actor.grants),
                                     "technician": actor.technician_id})  # fmt: skip


def _copied(old: Path, path: Path, mark: Mark) -> bool:
    if not old.is_file() or old.stat().st_size < mark.size:
        return False
    copyfile(old, path)
    beginning = Growing(path, mark.size)
    beginning.close()
    return (beginning.size, beginning.sum.hexdigest()) == (mark.size, mark.sha256)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, int) else str(value)
