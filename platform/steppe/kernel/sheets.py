"""The columns of a file people bring: which head means which field, in either language. Pure.

An export writes exactly the columns an import reads: what was taken out can be changed and brought back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WHOLE = 10**15  # a spreadsheet keeps fifteen digits; what is longer has lost its end already
_BRACKETS = re.compile(r"[（(].*?[）)]|\s+|\*")


@dataclass(frozen=True)
class Column:
    """A column: `zh` and `en` head it in a file we write, `also` are other heads we understand."""

    field: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    needed: bool = False

    def head(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


def same(head: str) -> str:
    """A head as it is compared: without blanks, brackets and capitals."""
    return _BRACKETS.sub("", head).lower()


def matched(heads: Sequence[str], columns: Sequence[Column]) -> tuple[list[str], list[str], list[Column]]:
    """(the field of each head, unknown or repeated heads, needed columns that are missing). An empty head has none."""
    known = {same(name): one.field for one in columns for name in (one.zh, one.en, *one.also)}
    fields = [known.get(same(head), "") for head in heads]
    seen: set[str] = set()
    odd = [
        head for head, field in zip(heads, fields, strict=True)
        if head and (not field or field in seen or seen.add(field))  # type: ignore[func-returns-value]
    ]  # fmt: skip
    return fields, odd, [one for one in columns if one.needed and one.field not in fields]
