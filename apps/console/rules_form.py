"""The editor of a rule set as the template draws it: sections of fields and of tables, each cell with its fault."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.console.rules_draft import FLAG, GROWING, ROWS, SINGLE, TEXT, YUAN, Draft
from apps.console.rules_example import Types
from apps.costing.rule_labels import AREAS, MEASURES, PARTS, SECTIONS, WHO
from apps.costing.rule_words import plain

Errors = Mapping[str, list[str]]
FIXED = "fixed"  # stands there, and is sent along
# Which lists stand in which section.
LISTS = {"quantities": "quantities", "difficulties": "difficulties", "deductions": "deductions",
         "quality": "quality.steps", "month": "month.measures"}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One input. `kind`: number, text, flag, choice or fixed; `hint` stands in an empty one."""

    name: str
    value: Any
    label: str
    kind: str
    error: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return "r-" + self.name.replace(".", "-")


@dataclass(frozen=True)
class Line:
    """A row of a table; `drop`: the button that takes it away, where it may go."""

    head: str
    cells: tuple[Cell, ...]
    drop: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the rules. `add`: the button for one more row."""

    code: str
    title: str
    hint: str
    singles: tuple[Cell, ...] = ()
    heads: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    add: str = ""
    count: str = ""
    errors: tuple[str, ...] = field(default=())


def sections(draft: Draft, errors: Errors, types: Types) -> list[Section]:
    """Everything of the draft in its order. No query."""
    return [_section(code, draft, errors, types) for code in SECTIONS]


def wrong_cells(parts: Iterable[Section]) -> list[tuple[str, Cell]]:
    """Where something is wrong, each with the title of its section."""
    return [
        (part.title, cell)
        for part in parts
        for cell in (*part.singles, *(cell for line in part.lines for cell in line.cells))
        if cell.error
    ]


def _section(code: str, draft: Draft, errors: Errors, types: Types) -> Section:
    title, hint = (str(words) for words in SECTIONS[code])
    singles = tuple(_single(path, kind, draft, errors) for path, kind in SINGLE.get(code, {}).items())
    if code == "base":
        return Section(code, title, hint, singles=tuple(_bases(draft, errors, types)), errors=_of("base", errors))
    if code == "shares":
        return Section(
            code,
            title,
            hint,
            lines=tuple(_teams(draft, errors)),
            add="add:shares",
            count="",
            errors=_of("shares", errors),
        )
    path = LISTS.get(code)
    if path is None:
        return Section(code, title, hint, singles=singles, errors=_of(code, errors))
    return Section(
        code, title, hint, singles=singles, heads=_heads(path), lines=tuple(_rows(path, draft, errors)),
        add=f"add:{path}" if path in GROWING else "", count=path, errors=_of(path, errors),
    )  # fmt: skip


def _of(path: str, errors: Errors) -> tuple[str, ...]:
    """What is wrong with a part as a whole."""
    return tuple(errors.get(path, ()))


def _single(path: str, kind: str, draft: Draft, errors: Errors) -> Cell:
    value, wrong = draft.at(path), " ".join(errors.get(path, ()))
    if path == "travel.who":
        choices = tuple((code, str(word)) for code, word in WHO.items())
        return Cell(path, value, str(PARTS[path]), "choice", wrong, choices=choices)
    return Cell(path, _shown(value, kind), _label(path), _kind(kind), wrong)


def _label(path: str) -> str:
    head, _dot, last = path.rpartition(".")
    if head == "area":
        return str(AREAS[last])
    if head == "quality.scores":
        return "★" * int(last)
    return str(PARTS[path])


def _bases(draft: Draft, errors: Errors, types: Types) -> Iterator[Cell]:
    """Every type that is in use, with what its own version says as a hint; and those that are named all the same."""
    told = draft.at("base") or {}
    for code in [*types, *(code for code in told if code not in types)]:
        name, own = types.get(code, (code, None))
        wrong = " ".join(errors.get(f"base.{code}", ()))
        yield Cell(f"base.{code}", told.get(code, ""), name, "number", wrong, hint="" if own is None else plain(own))


def _teams(draft: Draft, errors: Errors) -> Iterator[Line]:
    for place, team in enumerate(draft.rows("shares")):
        name = f"shares.{place}"
        wrong = " ".join(errors.get(name, ()))
        cell = Cell(name, " / ".join(map(str, team)), str(SECTIONS["shares"][0]), "text", wrong)
        yield Line(str(len(team)), (cell,), f"drop:shares:{place}")


def _heads(path: str) -> tuple[str, ...]:
    fixed = path == "month.measures"
    return tuple(str(PARTS[name]) for name in ROWS[path] if not (fixed and name == "code"))


def _rows(path: str, draft: Draft, errors: Errors) -> Iterator[Line]:
    fixed = path == "month.measures"
    for place, row in enumerate(draft.rows(path)):
        cells = tuple(
            _cell(f"{path}.{place}.{name}", row.get(name, ""), FIXED if fixed and name == "code" else kind, errors)
            for name, kind in ROWS[path].items()
        )
        head = str(MEASURES.get(row.get("code", ""), "")) if fixed else ""
        yield Line(head, cells, f"drop:{path}:{place}" if path in GROWING else "")


def _cell(name: str, value: Any, kind: str, errors: Errors) -> Cell:
    label = str(PARTS[name.rpartition(".")[2]])
    return Cell(name, _shown(value, kind), label, _kind(kind), " ".join(errors.get(name, ())))


def _kind(kind: str) -> str:
    return kind if kind in (FLAG, TEXT, FIXED) else "number"


def _shown(value: Any, kind: str) -> Any:
    return f"{Decimal(value) / 100:.2f}" if kind == YUAN and isinstance(value, int) else value
