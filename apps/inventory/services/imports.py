"""A file is brought, and taken in beside the page: rows are read and judged, then written with one command.

The row of the import is the truth: its state says how far it is, also to whoever looks while it runs. Progress is
written between the rows, outside any transaction; the goods themselves come in all at once or not at all.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F, Q
from django.utils.translation import get_language, override

from apps.inventory.models import Import
from apps.inventory.permissions import ITEM_KEEPERS, KEEPERS
from apps.inventory.rules import sheets as rule
from apps.inventory.rules.serials import read_list
from apps.inventory.services import _import_items as items
from apps.inventory.services import _import_receipt as receipt
from apps.inventory.services._judged import Judged
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, if_undone
from steppe.kernel.errors import DomainError, Invalid, NotAllowed
from steppe.kernel.sheet_files import Limits, Lines, Table, opened
from tenants.context import current_branch

MAY = {"items": ITEM_KEEPERS, "receipt": KEEPERS}
COLUMNS = {"items": rule.ITEMS, "receipt": rule.RECEIPT}
WORK: dict[str, Any] = {"items": items, "receipt": receipt}
FILES = Limits(mb=5, unpacked_mb=80, rows=20_000)
STEP = 500  # rows between two words of progress
NAMED = 200  # rows that are named; more are counted
LOST = timedelta(minutes=3)  # longer than a task may run: whoever worked on it has died
KEPT = timedelta(days=7)


def _scanned(line: str) -> list[str]:
    """The numbers of a line, and what is none, without the words that readers of bar codes put before them."""
    good, bad = read_list(line)
    return [*good, *bad]


SCANNED = Lines("serial", _scanned)


@command("inventory.bring_file")
def bring_file(*, what: str, content: bytes, name: str, asked: Mapping[str, Any], by: Actor) -> Receipt:
    """Keep the file and a row for it; reading begins beside. Raises BadFile for what cannot be read at all."""
    require(by, MAY[what])
    table = opened(content, name, COLUMNS[what], FILES, plain=SCANNED if asked.get("item") else None)
    WORK[what].check(asked, table, by)
    public_id, now = uuid.uuid4().hex, clock.now()
    row = Import.objects.create(
        public_id=public_id, what=what, name=name[:120], path=_store(public_id, content), asked=dict(asked),
        total=table.total, language=(get_language() or "zh-hans")[:12], made_by=by.ref, made_at=now, touched_at=now,
    )  # fmt: skip
    return Receipt("stock_import", row.pk, public_id)


def take_in(public_id: str) -> str:
    """Read, judge, write; the state it ends in. Harmless twice: only who finds it waiting (or left behind) works."""
    now = clock.now()
    free = Q(state="waiting") | Q(state__in=("reading", "writing"), touched_at__lt=now - LOST)
    rows = Import.objects.filter(public_id=public_id)
    if not rows.filter(free).update(state="reading", done=0, touched_at=now):
        return rows.values_list("state", flat=True).first() or "gone"
    row = rows.get()
    with override(row.language):
        try:
            facts = _taken(row)
        except DomainError as refusal:
            return _refuse(row, refusal)
    _step(row, state="refused" if row.wrong_rows and not facts else "done", facts=facts, done=row.total)
    return row.state


def waiting_imports() -> list[str]:
    """Those that wait for somebody, or were left behind. One query."""
    lost = clock.now() - LOST
    rows = Import.objects.filter(Q(state="waiting") | Q(state__in=("reading", "writing"), touched_at__lt=lost))
    return list(rows.order_by("touched_at").values_list("public_id", flat=True)[:20])


def forget_imports() -> int:
    """Files of a week ago and their rows. The goods they brought stay."""
    old = list(Import.objects.filter(made_at__lt=clock.now() - KEPT)[:500])
    for row in old:
        default_storage.delete(row.path)
        row.delete()
    return len(old)


def _taken(row: Import) -> dict[str, Any]:
    """What came of it; nothing when a row was wrong and all of them were wanted."""
    by, work = _who(row), WORK[row.what]
    judged: Judged = work.judge(row.asked, _table(row), partial(_tell, row))
    row.wrong, row.wrong_rows = judged.wrong[:NAMED], len({one[0] for one in judged.wrong})
    if row.wrong_rows and not (row.asked.get("partial") and judged.good):
        return {}
    _step(row, state="writing", done=row.total)
    facts: dict[str, Any] = work.write(row.asked, judged, by=by, key=f"import-{row.public_id}")
    return facts


def _who(row: Import) -> Actor:
    """Who brought it, as they stand now. Raises NotAllowed for who has left."""
    found = people.actor_for_user(int(row.made_by.partition(":")[2]))
    if found is None:
        raise NotAllowed
    return found


def _table(row: Import) -> Table:
    with default_storage.open(row.path) as file:
        content = file.read()
    return opened(content, row.name, COLUMNS[row.what], FILES, plain=SCANNED if row.asked.get("item") else None)


def _tell(row: Import, done: int) -> None:
    """How many rows are read, now and then."""
    if done % STEP == 0:
        Import.objects.filter(pk=row.pk).update(
            done=done, total=F("total") if done <= row.total else done, touched_at=clock.now()
        )  # fmt: skip


def _refuse(row: Import, refusal: DomainError) -> str:
    """In words: the sentence, and where it was at a field, that one."""
    more = [sentence for told in refusal.fields.values() for sentence in told] if isinstance(refusal, Invalid) else []
    _step(row, state="refused", refusal=" ".join(more[:3] or [refusal.sentence])[:400])
    return row.state


def _step(row: Import, **changes: Any) -> None:
    for name, value in {**changes, "touched_at": clock.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes, "touched_at", "wrong", "wrong_rows"])


def _store(public_id: str, content: bytes) -> str:
    path = default_storage.save(f"{current_branch().uuid}/stock/imports/{public_id}", ContentFile(content))
    if_undone(partial(default_storage.delete, path))
    return path
