"""What a source says of itself: its columns, its periods, and how its rows are read. docs/adding/an-export.md"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from apps.exports.rules.cells import KINDS
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.tables import Key, Table

Word = str | Promise
Page = Sequence[Sequence[Any]]  # as many columns as were asked for, each as long as the page


@dataclass(frozen=True)
class Column:
    """One column, as wide as `width` digits.

    `kind` (rules/cells.KINDS) says what its values are: money is whole fen, percent is of a hundred as Decimal, a
    moment has its zone. `total`: the file's last row adds it up. `private`: names a person or a door; the source gives
    it empty to who may not see it. `usual`: chosen unless somebody chooses otherwise.
    """

    code: str
    word: Word
    kind: str = "text"
    width: int = 12
    total: bool = False
    private: bool = False
    usual: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.code}: no kind {self.kind}")


@dataclass(frozen=True)
class Span:
    """Business days, both included, and which moment of a row must lie in them (`by`, one of the source's periods)."""

    first: date
    last: date
    by: str

    @property
    def months(self) -> tuple[str, str]:
        """The months in which the first and the last day lie."""
        return f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), clock.BUSINESS_ZONE)

    @property
    def end(self) -> datetime:
        """The first moment that is outside."""
        return datetime.combine(self.last + timedelta(days=1), time(), clock.BUSINESS_ZONE)


Count = Callable[[Actor, Span], int]
Read = Callable[..., Iterator[Page]]  # (actor, span, codes), and perhaps `after` and `written`
Rows = Callable[[Actor, Span], "QuerySet[Any]"]


@dataclass(frozen=True)
class Source:
    """A table people take away. `read` gives pages of the actor's own scope in an order that never changes, and holds
    no more than one page in memory; `count` is how many rows that will be. `periods`: codes and words, the usual first.
    A source whose pages are `kernel.tables.Part`s takes the key of one as `after` and goes on behind it. `writes`: it
    takes the codes of moments as `written`, and gives them as text. `whole`: only for who holds one of the roles for
    the whole branch.
    """

    code: str
    word: Word
    may: tuple[str, ...]
    periods: tuple[tuple[str, Word], ...]
    columns: tuple[Column, ...]
    count: Count
    read: Read
    whole: bool = False
    writes: bool = False

    def chosen(self, codes: Sequence[str]) -> list[Column]:
        """These columns, in the source's own order: the same choice is the same file."""
        wanted = set(codes)
        return [column for column in self.columns if column.code in wanted]


def counting(rows: Rows) -> Count:
    """How many rows these are. One query."""
    return lambda actor, span: rows(actor, span).count()


def reading(rows: Rows, table: Callable[[Span], Table]) -> Read:
    """These rows as this table has them, page by page."""

    def read(
        actor: Actor, span: Span, codes: Sequence[str], after: Key | None = None, written: Collection[str] = ()
    ) -> Iterator[Page]:
        return table(span).pages(rows(actor, span), codes, after=after, written=written)

    return read
