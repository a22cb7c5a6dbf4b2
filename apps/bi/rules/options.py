"""What an address of the feed asks for: OData's query options, judged against the set. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from apps.bi.errors import BadQuery, NotOffered
from apps.bi.rules.shapes import RowSet

PAGE, PAGE_MOST, DEEPEST = 1_000, 5_000, 10_000_000
KNOWN = {"$filter", "$select", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$format"}
ELSEWHERE = {"$expand", "$search", "$apply", "$compute", "$levels", "$deltatoken", "$index", "$schemaversion"}
JSON = {"json", "application/json"}


@dataclass(frozen=True)
class Asked:
    """`order`: column and whether descending, the key's columns at the end, so that it names one row after another.

    `after`: the last row's values of these columns; None at the beginning. `top` None: all there are.
    """

    select: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]
    filter: str = ""
    top: int | None = None
    skip: int = 0
    count: bool = False
    after: tuple[object, ...] | None = None


def asked(given: Mapping[str, str], rows: RowSet) -> Asked:
    """Raises BadQuery, NotOffered. A name that nobody knows is refused: a filter passed over would tell too much."""
    for name in given:
        if name in ELSEWHERE:
            raise NotOffered(option=name)
        if name not in KNOWN:
            raise BadQuery(option=name[:40], why="no such option")
    if given.get("$format", "json").split(";")[0].lower() not in JSON:
        raise BadQuery(option="$format", why="only json")
    order = ordered(given.get("$orderby", ""), rows)
    return Asked(
        select=selected(given.get("$select", ""), rows), order=order, filter=given.get("$filter", ""),
        top=_whole(given, "$top"), skip=_whole(given, "$skip") or 0, count=_yes(given, "$count"),
        after=opened(given["$skiptoken"], len(order)) if "$skiptoken" in given else None,
    )  # fmt: skip


def selected(text: str, rows: RowSet) -> tuple[str, ...]:
    """The columns of `$select`, in the set's order; all of them when it says nothing or `*`."""
    names = [name.strip() for name in text.split(",")] if text else ["*"]
    for name in names:
        if name != "*" and rows.column(name) is None:
            raise BadQuery(option="$select", why=f"no column {name[:40]}")
    return tuple(one.name for one in rows.columns if "*" in names or one.name in names)


def ordered(text: str, rows: RowSet) -> tuple[tuple[str, bool], ...]:
    """`a,b desc`, then the key."""
    found: dict[str, bool] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, way = part.partition(" ")
        if rows.column(name) is None or way.strip() not in {"", "asc", "desc"} or name in found:
            raise BadQuery(option="$orderby", why=part[:60])
        found[name] = way.strip() == "desc"
    return (*found.items(), *((name, False) for name in rows.key if name not in found))


def closed(values: list[object]) -> str:
    """A row's place as `$skiptoken`; nobody needs to read it."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def opened(token: str, length: int) -> tuple[object, ...]:
    """Raises BadQuery for one that we did not give out in this order."""
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    plain = isinstance(values, list) and all(isinstance(v, str | int | float | bool | None) for v in values)
    if not plain or len(values) != length:
        raise BadQuery(option="$skiptoken", why="not one of this list")
    return tuple(values)


def page_size(preferred: str) -> int:
    """Of the header `Prefer: odata.maxpagesize=…`; nonsense asks for nothing."""
    for part in preferred.replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() in {"odata.maxpagesize", "maxpagesize"} and value.strip().isdecimal():
            return max(1, min(int(value.strip()[:9]), PAGE_MOST))
    return PAGE


def _whole(given: Mapping[str, str], name: str) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > DEEPEST:
        raise BadQuery(option=name, why="a whole number")
    return int(text)


def _yes(given: Mapping[str, str], name: str) -> bool:
    if given.get(name, "false") not in {"true", "false"}:
        raise BadQuery(option=name, why="true or false")
    return given.get(name) == "true"
