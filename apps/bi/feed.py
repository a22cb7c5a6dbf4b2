"""Pages of a set, for a person: what they may see of it, as the address asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, NotSupportedError, OperationalError, ProgrammingError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from odata_query.django.django_q import AstToDjangoQVisitor
from odata_query.exceptions import ODataException

from apps.bi.errors import BadQuery, NoSuchRow, TooSlow
from apps.bi.permissions import HQ_READERS, READERS, is_whole
from apps.bi.rows import model_of
from apps.bi.rules import filters, options
from apps.bi.rules.options import Asked
from apps.bi.rules.shapes import HEADQUARTERS, RowSet
from steppe.kernel.actors import Actor, require

CANCELLED = "57014"
MISFITS = (
    FieldError, ValidationError, ValueError, TypeError, AttributeError, NotImplementedError, ODataException, DataError,
    ProgrammingError, NotSupportedError, RecursionError,
)  # fmt: skip
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """`rows` in the order of `select`. `next`: where the next page begins, None at the end. `left`: of `$top`."""

    rows: list[Row]
    next: str | None
    left: int | None
    count: int | None


def page_of(actor: Actor, rows: RowSet, asked: Asked, size: int) -> Page:
    """One query, two with `$count`. Raises BadQuery for what only the database can tell, TooSlow, NotAllowed."""
    found = _filtered(visible(actor, rows), rows, asked.filter)
    return _asking(lambda: _read(found, rows, asked, size))


def count_of(actor: Actor, rows: RowSet, text: str) -> int:
    """How many there are. One query."""
    found = _filtered(visible(actor, rows), rows, text)
    return _asking(found.count)


def row_of(actor: Actor, rows: RowSet, key: str, select: Sequence[str]) -> Row:
    """The row of a key, as it stands in the brackets of an address. Raises NoSuchRow, BadQuery."""
    named = filters.key_filter(key, rows)
    found = _asking(lambda: list(_filtered(visible(actor, rows), rows, named).values_list(*select)[:2]))
    if len(found) != 1:
        raise NoSuchRow
    return found[0]


def visible(actor: Actor, rows: RowSet) -> QuerySet[Any]:
    """The person's part. Raises NotAllowed for who reads no reports."""
    found: QuerySet[Any] = model_of(rows)._default_manager.order_by()
    if rows.site == HEADQUARTERS:
        require(actor, HQ_READERS)
        return found
    require(actor, READERS)
    paths = actor.scopes(READERS)
    if not rows.path or actor.kind == "system" or any(map(is_whole, paths)):
        return found
    below = Q()
    for path in paths:
        below |= Q(**{f"{rows.path}__startswith": path})
    return found.filter(below)


def _filtered(found: QuerySet[Any], rows: RowSet, text: str) -> QuerySet[Any]:
    if not text:
        return found
    try:
        return found.filter(AstToDjangoQVisitor(found.model).visit(filters.tree_of(text, rows)))
    except MISFITS as error:
        raise _misfit() from error


def _read(found: QuerySet[Any], rows: RowSet, asked: Asked, size: int) -> Page:
    count = found.count() if asked.count else None
    wanted = size if asked.top is None else min(size, asked.top)
    columns = [name for name, _ in asked.order]
    if asked.after is not None:
        found = found.filter(_beyond(rows, asked.order, asked.after))
    several = found.order_by(*(_way(rows, *one) for one in asked.order)).values_list(*asked.select, *columns)
    begin = 0 if asked.after is not None else asked.skip
    got = list(several[begin : begin + wanted + 1])
    full, kept = len(got) > wanted, got[:wanted]
    left = None if asked.top is None else asked.top - len(kept)
    more = full and left != 0 and bool(kept)
    place = options.closed(list(kept[-1][len(asked.select) :])) if more else None
    return Page([row[: len(asked.select)] for row in kept], place, left, count)


def _way(rows: RowSet, name: str, down: bool) -> OrderBy:
    """Empty before everything else, as OData has it; without a word where nothing is empty, so that an index serves."""
    column = rows.column(name)
    if column is not None and not column.null:
        return F(name).desc() if down else F(name).asc()
    return F(name).desc(nulls_last=True) if down else F(name).asc(nulls_first=True)


def _beyond(rows: RowSet, order: Sequence[tuple[str, bool]], after: Sequence[object]) -> Q:
    """What comes after that row: beyond it in the first column, or level with it there and beyond it in the rest."""
    (name, down), value = order[0], after[0]
    if value is None:
        beyond = Q() if down else Q(**{f"{name}__isnull": False})
    else:
        beyond = Q(**{f"{name}__lt" if down else f"{name}__gt": value})
        column = rows.column(name)
        if down and column is not None and column.null:
            beyond |= Q(**{f"{name}__isnull": True})
    if len(order) == 1:
        return beyond
    level = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    rest = level & _beyond(rows, order[1:], after[1:])
    return rest if value is None and down else beyond | rest


def _asking(question: Any) -> Any:
    """In a savepoint, so that a question the database refuses spoils nothing else."""
    try:
        with transaction.atomic():
            return question()
    except MISFITS as error:
        raise _misfit() from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == CANCELLED:
            raise TooSlow from error
        raise


def _misfit() -> BadQuery:
    return BadQuery(option="$filter", why="it does not fit the columns")
