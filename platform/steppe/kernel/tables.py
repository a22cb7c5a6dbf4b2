"""Long tables in pages: read by their order, so that no statement runs for long and one page is in memory.

A page is a list of columns, each as long as the page. It knows the key of its last row: who was broken off goes on
behind it. The order must be one that no row leaves (a moment and an id), ascending, without empty values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

PAGE = 5000
Key = Sequence[Any]
Columns = dict[str, list[Any]]
Turn = Callable[..., Any]


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

    def pages(self, rows: "QuerySet[Any]", codes: Sequence[str], *, after: Key | None = None) -> Iterator[Part]:
        """These columns of the rows, those behind `after`. One query a page."""
        fields = [self.fields[code] for code in codes]
        names = [name for field in fields for name in _paths(field)]
        for columns, last in keyset(rows, names, self.order, after=after, size=PAGE):
            yield Part([_values(field, columns) for field in fields], last)


def keyset(
    rows: "QuerySet[Any]", names: Sequence[str], order: Sequence[str], *, after: Key | None = None, size: int
) -> Iterator[tuple[Columns, Key]]:
    """Pages of these columns and those of the order, each with the key of its last row. One query a page."""
    wanted = tuple(dict.fromkeys((*order, *names)))
    rows = rows.order_by(*order)
    while True:
        page = list((rows.filter(beyond(order, after)) if after else rows).values_list(*wanted)[:size])
        if not page:
            return
        after = page[-1][: len(order)]
        yield dict(zip(wanted, map(list, zip(*page, strict=True)), strict=True)), after
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
