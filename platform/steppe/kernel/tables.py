"""Long tables in pages: read by their order, so that no statement runs for long and one page is in memory.

A page is a list of columns, each as long as the page. It knows the key of its last row: who was broken off goes on
behind it. The order must be one that no row leaves (a moment and an id), ascending, without empty values.

Moments can come `written`: as text on the branch's clock, by the database. To load and to write each of them in Python
costs as much as all the rest of a row.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, Q, QuerySet, TextField

PAGE = 5000
TEXT = "written_"
Key = Sequence[Any]
Columns = dict[str, list[Any]]
Turn = Callable[..., Any]


class AtHome(Func):
    """`2026-11-29 08:15:00.25` on the branch's clock: a moment as text, its first nineteen letters the second."""

    template = "(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::text"
    output_field = TextField()


class Part(list[list[Any]]):
    """A page's columns; `last` is the key of its last row."""

    def __init__(self, columns: Sequence[list[Any]], last: Key) -> None:
        super().__init__(columns)
        self.last = last


@dataclass(frozen=True)
class Made:
    """A column that is made of several: `make` takes a value of each, row by row."""

    paths: tuple[str, ...]
    make: Turn


@dataclass(frozen=True)
class Said:
    """A column whose codes are said in words, each code once a page."""

    path: str
    word: Turn


Field = str | Made | Said


@dataclass(frozen=True)
class Table:
    """What each column is read from, by its code, and the order of the rows; the last of the order is unique."""

    order: tuple[str, ...]
    fields: Mapping[str, Field]

    def pages(
        self, rows: "QuerySet[Any]", codes: Sequence[str], *, after: Key | None = None, written: Collection[str] = ()
    ) -> Iterator[Part]:
        """These columns of the rows, those behind `after`; moments of `written` as text. One query a page."""
        fields = [self.fields[code] for code in codes]
        names = [name for field in fields for name in _paths(field)]
        used = {name for field in fields if not isinstance(field, str) for name in _paths(field)}
        texts = {field for code in written if isinstance(field := self.fields.get(code), str)} - used
        for columns, last in keyset(rows, names, self.order, after=after, size=PAGE, written=texts):
            yield Part([_values(field, columns) for field in fields], last)


def keyset(
    rows: "QuerySet[Any]", names: Sequence[str], order: Sequence[str], *, after: Key | None = None, size: int,
    written: Collection[str] = (),
) -> Iterator[tuple[Columns, Key]]:  # fmt: skip
    """Pages of these columns, each with the key of its last row; moments of `written` as text. One query a page."""
    texts = {f"{TEXT}{place}": name for place, name in enumerate(dict.fromkeys(names)) if name in written}
    known = {name: alias for alias, name in texts.items()}
    wanted = tuple(dict.fromkeys((*order, *(known.get(name, name) for name in names))))
    rows = rows.annotate(**{alias: AtHome(name) for alias, name in texts.items()}).order_by(*order)
    while True:
        page = list((rows.filter(beyond(order, after)) if after else rows).values_list(*wanted)[:size])
        if not page:
            return
        after = page[-1][: len(order)]
        columns = zip(wanted, map(list, zip(*page, strict=True)), strict=True)
        yield {texts.get(name, name): values for name, values in columns}, after
        if len(page) < size:
            return


def beyond(order: Sequence[str], key: Key) -> Q:
    """After this row; "not before" lets an index begin there."""
    later, same = Q(), Q()
    for name, value in zip(order, key, strict=True):
        later |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return Q(**{f"{order[0]}__gte": key[0]}) & later


def _paths(field: Field) -> tuple[str, ...]:
    return (field,) if isinstance(field, str) else field.paths if isinstance(field, Made) else (field.path,)


def _values(field: Field, columns: Columns) -> list[Any]:
    if isinstance(field, str):
        return columns[field]
    if isinstance(field, Made):
        return [field.make(*row) for row in zip(*(columns[path] for path in field.paths), strict=True)]
    known = {code: field.word(code) for code in set(columns[field.path])}
    return [known[code] for code in columns[field.path]]
