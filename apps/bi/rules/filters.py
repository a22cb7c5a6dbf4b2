"""`$filter`, read by the library and judged by us before it becomes a question: no path to other rows, no function
that costs more than it looks, no column that is not there, nothing deeper than people write. Pure.
"""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from apps.bi.errors import BadQuery
from apps.bi.rules.shapes import RowSet

LONGEST, DEEPEST, MOST = 4_000, 100, 800
FUNCTIONS = {
    "contains", "startswith", "endswith", "length", "indexof", "tolower", "toupper", "trim", "concat", "substring",
    "year", "month", "day", "hour", "minute", "second", "date", "round", "floor", "ceiling", "now",
}  # fmt: skip
NODES = (
    ast.Identifier, ast.Null, ast.Integer, ast.Float, ast.Boolean, ast.String, ast.Date, ast.DateTime, ast.List,
    ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Call, ast._Comparator, ast._BoolOpToken, ast._UnaryOpToken,
    ast._BinOpToken,
)  # fmt: skip
NUMBER = (ast.Integer, ast.Float)
FITS: dict[str, tuple[type, ...]] = {
    "text": (ast.String,), "int": NUMBER, "decimal": NUMBER, "bool": (ast.Boolean,), "moment": (ast.DateTime,),
    "day": (ast.Date,),
}  # fmt: skip
LITERALS = (*NUMBER, ast.String, ast.Boolean, ast.DateTime, ast.Date)
_LITERAL = re.compile(r"'(?:[^']|'')*'|[\w:.+-]+")
_NAMED = re.compile(r"(\w+)=('(?:[^']|'')*'|[^,']+)")
_ZONED = re.compile(r"(Z|[+-]\d\d:\d\d)$", re.I)


def tree_of(text: str, rows: RowSet) -> ast._Node:
    """The judged tree. Raises BadQuery."""
    if len(text) > LONGEST:
        raise bad("too long")
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text))
    except (ODataException, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise bad("not OData, or not a part of it that is understood") from error
    if not isinstance(tree, ast._Node):
        raise bad("empty")
    for seen, (node, depth) in enumerate(walk(tree)):
        if depth > DEEPEST or seen > MOST:
            raise bad("too deep")
        judge(node, rows)
    return asserted(tree, rows)


def walk(tree: ast._Node) -> Iterator[tuple[ast._Node, int]]:
    """Every node with its depth. Not recursive: it is asked of trees that nobody has judged yet."""
    left: list[tuple[Any, int]] = [(tree, 1)]
    while left:
        node, depth = left.pop()
        if isinstance(node, list | tuple):
            left += [(one, depth) for one in node]
        elif isinstance(node, ast._Node):
            yield node, depth
            inner = [node.args] if isinstance(node, ast.Call) else [getattr(node, f.name) for f in _parts(node)]
            left += [(one, depth + 1) for one in inner]


def judge(node: ast._Node, rows: RowSet) -> None:
    """Raises BadQuery."""
    if not isinstance(node, NODES):
        raise bad(f"{type(node).__name__} is not understood")
    if isinstance(node, ast.Identifier) and (node.namespace or rows.column(node.name) is None):
        raise bad(f"no column {node.full_name()[:40]}")
    if isinstance(node, ast.Call) and (node.func.namespace or node.func.name not in FUNCTIONS):
        raise bad(f"no function {node.func.full_name()[:40]}")
    if isinstance(node, ast.DateTime) and not _ZONED.search(node.val):
        raise bad("a moment needs its zone, as 2026-11-30T08:00:00Z")
    if isinstance(node, ast.Compare):
        _judge_comparison(node, rows)


def asserted(node: ast._Node, rows: RowSet) -> ast._Node:
    """A yes-or-no column may stand alone, as `is_overdue and priority eq 0`: then it is compared with true."""
    if isinstance(node, ast.Identifier):
        column = rows.column(node.name)
        if column is None or column.kind != "bool":
            raise bad(f"{node.name} is no yes or no")
        return ast.Compare(ast.Eq(), node, ast.Boolean("true"))
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(node.op, asserted(node.left, rows), asserted(node.right, rows))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ast.UnaryOp(node.op, asserted(node.operand, rows))
    truth = isinstance(node, ast.Compare) or (
        isinstance(node, ast.Call) and node.func.name in {"contains", "startswith", "endswith"}
    )
    if not truth:
        raise bad("no yes or no")
    return node


def key_filter(text: str, rows: RowSet) -> str:
    """The filter that a key in brackets stands for: `'LO-1'`, `12`, or `a='x',b=2026-11-30`. Raises BadQuery."""
    named = dict(_NAMED.findall(text))
    if ",".join(f"{name}={value}" for name, value in named.items()) != text:
        named = {rows.key[0]: text} if len(rows.key) == 1 else {}
    if set(named) != set(rows.key) or not all(_LITERAL.fullmatch(value) for value in named.values()):
        raise BadQuery(option="key", why="it names no row")
    return " and ".join(f"{name} eq {value}" for name, value in named.items())


def bad(why: str) -> BadQuery:
    return BadQuery(option="$filter", why=why)


def _parts(node: ast._Node) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(node)  # type: ignore[arg-type]


def _judge_comparison(node: ast.Compare, rows: RowSet) -> None:
    """What stands on both sides must be of one kind, as far as it can be seen here."""
    if isinstance(node.left, ast.Null):
        raise bad("null stands on the right")
    sides = (node.left, node.right)
    columns = [rows.column(one.name) for one in sides if isinstance(one, ast.Identifier)]
    values: list[ast._Node] = [one for one in sides if isinstance(one, LITERALS)]
    values += [one for side in sides if isinstance(side, ast.List) for one in side.val]
    for column in filter(None, columns):
        for value in values:
            if not isinstance(value, FITS[column.kind]):
                raise bad(f"{column.name} is compared with another kind of value")
