"""Reports from a file: read and shown, then opened one by one beside the page, each with a key of its own.

The key of a row is made of the file's fingerprint and the row's number, so that neither a second yes nor a death
half-way opens a ticket twice. The row of the import says how far it is, also to whoever looks meanwhile.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.people import selectors as people
from apps.tickets.errors import BroughtBefore, ImportNotFound, NothingToOpen, RowsAreWrong
from apps.tickets.import_judged import Line, judged
from apps.tickets.models import Import
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules import import_rows as rule
from apps.tickets.services.intake import Report, open_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import BadFile, Busy, DomainError, Invalid, NotAllowed
from steppe.kernel.sheet_files import Limits, Row, opened, why_unreadable

FILES = Limits(mb=2, unpacked_mb=20, rows=rule.MOST_ROWS, cell=1000)
AT_ONCE = 100  # rows in one turn; a turn ends long before a task may
LOST = timedelta(minutes=3)  # longer than a task may run: whoever worked on it has died
UNDECIDED, KEPT = timedelta(days=1), timedelta(days=rule.OLDEST_DAYS + 1)


@command("tickets.bring_file")
def bring_tickets(*, content: bytes, name: str, by: Actor) -> Receipt:
    """Read a file and keep its rows to be looked at; no ticket yet. The same file once more is the same import.

    Raises BadFile for what cannot be read at all, BroughtBefore when a colleague's tickets were opened from it.
    """
    require(by, ACTIONS["submit"])
    fingerprint, now = sha256(content).hexdigest(), clock.now()
    if found := _brought(fingerprint, by):
        return Receipt("ticket_import", found.pk, found.public_id)
    table = opened(content, name, rule.COLUMNS, FILES)
    rows = [_kept(one) for one in table.rows]
    if not rows:
        raise BadFile({"file": [_("There is no row in this file.")]})
    row = Import.objects.create(
        public_id=uuid.uuid4().hex, name=rule.clean(name)[:120], fingerprint=fingerprint, rows=rows, total=len(rows),
        heads={field: rule.clean(head)[:30] for field, head in table.heads.items() if field},
        language=(get_language() or "zh-hans")[:12], made_by=by.ref, made_at=now, touched_at=now,
    )  # fmt: skip
    return Receipt("ticket_import", row.pk, row.public_id)


@command("tickets.confirm_import")
def confirm_import(*, public_id: str, anyway: Sequence[int] = (), partial: bool = False, by: Actor) -> Receipt:
    """Open the rows; those that are told already only if they stand in `anyway`. A second yes changes nothing.

    With `partial` wrong rows are left out. Locks: the import. Raises RowsAreWrong, NothingToOpen, BroughtBefore.
    """
    require(by, ACTIONS["submit"])
    row = Import.objects.select_for_update().filter(public_id=public_id, made_by=by.ref).first()
    if row is None:
        raise ImportNotFound
    if row.state == "read":
        _choose(row, judged(by, row), set(anyway), partial)
        _set_out(row)
    return Receipt("ticket_import", row.pk, row.public_id)


def take_in(public_id: str) -> str:
    """Open the next rows; the state it is in then. Harmless twice: only who finds it waiting (or left behind) works."""
    now = clock.now()
    free = Q(state="waiting") | Q(state="writing", touched_at__lt=now - LOST)
    rows = Import.objects.filter(public_id=public_id)
    if not rows.filter(free).update(state="writing", touched_at=now):
        return rows.values_list("state", flat=True).first() or "gone"
    row = rows.get()
    with override(row.language):
        try:
            by = _who(row)
        except NotAllowed as refusal:
            return _step(row, state="refused", refusal=refusal.sentence, chosen=[])
        for told in _left(row)[:AT_ONCE]:
            _open(row, told, by)
    return _step(row, state="waiting") if _left(row) else _step(row, state="done", chosen=[])


def waiting_imports() -> list[str]:
    """Those that wait for somebody, or were left behind. One query."""
    lost = clock.now() - LOST
    rows = Import.objects.filter(Q(state="waiting") | Q(state="writing", touched_at__lt=lost))
    return list(rows.order_by("touched_at").values_list("public_id", flat=True)[:20])


def forget_imports() -> int:
    """What nobody decided within a day, and what is older than the reports a file may tell of. Tickets stay."""
    now = clock.now()
    old = Q(state="read", made_at__lt=now - UNDECIDED) | Q(state__in=("done", "refused"), made_at__lt=now - KEPT)
    return Import.objects.filter(old).delete()[0]


def _brought(fingerprint: str, by: Actor) -> Import | None:
    """This very file, brought before by the same person."""
    found = Import.objects.filter(Q(made_by=by.ref) | ~Q(state="read"), fingerprint=fingerprint)
    row = found.order_by("-pk").first()
    if row is not None and row.made_by != by.ref:
        raise _before(row.made_at)
    return row


def _before(at: datetime) -> BroughtBefore:
    return BroughtBefore(at=f"{at.astimezone(clock.BUSINESS_ZONE):%m-%d %H:%M}")


def _kept(row: Row) -> dict[str, Any]:
    """A row as it can be kept: what could not be read is named by its kind."""
    odd = {name: text[1:] for name, text in row.cells.items() if why_unreadable(text)}
    read = {name: text for name, text in row.cells.items() if name not in odd}
    cells = {name: rule.clean(text, lines=name == "description") for name, text in read.items()}
    return {"place": row.place, "odd": odd, "cells": cells}


def _choose(row: Import, lines: Sequence[Line], anyway: set[int], partial: bool) -> None:
    """What is to be opened, and why the others are not."""
    wrong = [one for one in lines if not one.good]
    if wrong and not partial:
        raise RowsAreWrong(count=len(wrong))
    row.chosen = [
        one.told | {"place": one.place, "anyway": one.place in anyway}
        for one in lines if one.good and (not one.known or one.place in anyway)
    ]  # fmt: skip
    if not row.chosen:
        raise NothingToOpen
    taken = {one["place"] for one in row.chosen}
    row.refused = [[one.place, _why(one)] for one in lines if one.place not in taken]
    row.rows = []


def _why(line: Line) -> str:
    return " ".join(f"{head}: {sentence}" for head, sentence in line.faults) or line.known


def _set_out(row: Import) -> None:
    """From now on it is opened. Two people with the same file: the database lets one of them through."""
    row.state, row.language, row.touched_at = "waiting", (get_language() or "zh-hans")[:12], clock.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _before(clock.now()) from error


def _who(row: Import) -> Actor:
    """Who brought it, as they stand now. Raises NotAllowed for who has left."""
    found = people.actor_for_user(int(row.made_by.partition(":")[2]))
    if found is None:
        raise NotAllowed
    require(found, ACTIONS["submit"])
    return found


def _left(row: Import) -> list[dict[str, Any]]:
    settled = {one[0] for one in (*row.opened, *row.refused)}
    return [one for one in row.chosen if one["place"] not in settled]


def _open(row: Import, told: dict[str, Any], by: Actor) -> None:
    """One ticket, or why there is none. Who finds the row busy comes again."""
    given = {name: value for name, value in told.items() if name != "place"}
    at = datetime.fromisoformat(given["reported_at"]) if given["reported_at"] else None
    try:
        done = open_ticket(
            report=Report(**{**given, "reported_at": at}), channel="import", by=by,
            key=f"import-{row.fingerprint[:40]}-{told['place']}",
        )  # fmt: skip
    except Busy:
        raise
    except DomainError as refusal:
        row.refused.append([told["place"], _sentence(refusal)])
    else:
        row.opened.append([told["place"], done.facts["ticket_no"], done.public_id])
    _step(row)


def _sentence(refusal: DomainError) -> str:
    told = [one for some in refusal.fields.values() for one in some] if isinstance(refusal, Invalid) else []
    return " ".join(told[:3] or [refusal.sentence])


def _step(row: Import, **changes: Any) -> str:
    for name, value in {**changes, "touched_at": clock.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes, "touched_at", "opened", "refused"])
    return row.state
