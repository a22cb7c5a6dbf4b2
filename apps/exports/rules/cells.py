"""What stands in a cell, whatever the file: texts that no spreadsheet takes for a formula, yuan, and moments at home.

A page of rows travels as columns: each column is turned by one function, which costs a third of cell by cell.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

KINDS = ("text", "int", "decimal", "money", "date", "moment", "percent")
NUMBERS = frozenset({"int", "decimal", "money", "percent"})
SUMMED = frozenset({"int", "decimal", "money"})
HOME = ZoneInfo("Asia/Shanghai")
RISKY = frozenset("=+-@\t\r\n＝＋－＠")  # the wide ones too: some spreadsheets read them as the narrow ones

Values = Sequence[Any]


def harmless(text: str) -> str:
    """A text as a spreadsheet keeps it: one that might begin a formula gets an apostrophe in front (OWASP)."""
    return "'" + text if text[:1] in RISKY and text else text


def safe_texts(values: Values) -> list[str]:
    """A column of texts, each harmless; an empty text is cheap."""
    return [("'" + one if one[0] in RISKY else one) if one else "" for one in values]


def in_yuan(fen: int | None) -> Decimal | None:
    """Whole fen as yuan with two places, exactly."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def at_home(moment: datetime | None) -> datetime | None:
    """The moment on the branch's clock, without a zone and to the second: as people and spreadsheets write it."""
    return None if moment is None else moment.astimezone(HOME).replace(tzinfo=None, microsecond=0)


def written_moments(values: Values) -> list[str]:
    """`2026-11-29 08:15:00` on the branch's clock, empty for none; what the database has written is only cut."""
    return [(one[:19] if type(one) is str else _to_the_second(one)) if one else "" for one in values]


def _to_the_second(moment: datetime) -> str:
    return moment.astimezone(HOME).isoformat(" ", "seconds")[:19]


def written_days(values: Iterable[date | None]) -> list[str]:
    return [one.isoformat() if one else "" for one in values]


def written_numbers(values: Values) -> list[str]:
    """As they are; a Decimal keeps its places and never becomes `1E+3`."""
    return ["" if one is None else format(one, "f") if isinstance(one, Decimal) else str(one) for one in values]


def written_whole(values: Values) -> list[str]:
    """Whole numbers, each once: a page has few."""
    known = {one: "" if one is None else str(one) for one in set(values)}
    return [known[one] for one in values]


def written_money(values: Values) -> list[str]:
    known = {one: "" if one is None else str(Decimal(one).scaleb(-2)) for one in set(values)}
    return [known[one] for one in values]


WRITTEN: dict[str, Callable[[Values], list[str]]] = {
    "text": lambda values: [one or "" for one in values], "int": written_whole, "decimal": written_numbers,
    "percent": written_numbers, "money": written_money, "date": written_days, "moment": written_moments,
}  # fmt: skip


def sums(kinds: Sequence[str], page: Sequence[Values], so_far: list[Any]) -> list[Any]:
    """The totals with this page's rows: of money (in fen) and quantities; None where a sum says nothing."""
    return [
        (total or 0) + sum(one for one in values if one is not None) if total is not None else None
        for kind, values, total in zip(kinds, page, so_far, strict=True)
    ]
