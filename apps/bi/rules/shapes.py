"""What a set of rows is made of: names and kinds of its columns, in words of SQL and of OData. Pure."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "int", "decimal", "bool", "moment", "day"]
EDM: dict[str, str] = {
    "text": "Edm.String", "int": "Edm.Int64", "decimal": "Edm.Decimal", "bool": "Edm.Boolean",
    "moment": "Edm.DateTimeOffset", "day": "Edm.Date",
}  # fmt: skip
SQL_TYPES: dict[str, tuple[str, ...]] = {
    "text": ("character varying", "text"), "int": ("bigint",), "decimal": ("numeric",), "bool": ("boolean",),
    "moment": ("timestamp with time zone",), "day": ("date",),
}  # fmt: skip
BRANCH, HEADQUARTERS = "branch", "headquarters"


@dataclass(frozen=True)
class Column:
    """`null`: the cell may be empty."""

    name: str
    kind: Kind
    null: bool
    about: str

    @property
    def edm(self) -> str:
        return EDM[self.kind]


@dataclass(frozen=True)
class RowSet:
    """A view, and the entity set over it. `key` are the columns that name a row.

    `path`: the column by which a person's own part of the branch is cut out; without one everybody sees all rows.
    """

    name: str
    view: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    site: str = BRANCH
    path: str = ""

    @property
    def entity(self) -> str:
        """The name of one row's type."""
        return f"{self.name}Row"

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name == name), None)


def columns(text: str) -> tuple[Column, ...]:
    """One column a line: `name kind about`; a `?` after the kind says that it may be empty."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, kind, about = line.split(" ", 2)
        found.append(Column(name, kind.rstrip("?"), kind.endswith("?"), about))  # type: ignore[arg-type]
    return tuple(found)
