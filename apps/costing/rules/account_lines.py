"""What a ticket's account should say, compared with what it says: only the difference is written (domain.md §7). Pure.

A line is never changed, so what came out otherwise is one more line of the same source, numbered: `points/7`, then
`points/7#2` with the difference. What is no longer true is taken away by a line with the other sign.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from apps.costing.rules.ticket_cost import COST
from steppe.kernel.money import Fen

NUMBER = "#"
# Which element of revenue a fee is, by its code in the type; every other one is for coming (上门服务费).
INSTALL_FEES = frozenset({"install", "relocate", "outlet"})
MATERIAL_FEES = frozenset({"ont", "stb", "card", "remote", "cable", "material", "device", "unreturned"})


@dataclass(frozen=True)
class Line:
    """One line as it should be. `month`: the period it belongs to by itself (points have one); empty: the account's."""

    source: str
    side: str
    element: str
    fen: Fen
    month: str = ""
    technician_id: int | None = None
    item: str = ""
    category: str = ""
    quantity: Decimal | None = None
    receipt_no: str = ""
    note: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    reverses: int | None = None


@dataclass(frozen=True)
class Said:
    """What the account says of one source: the id of its first line, how many there are, and what they come to."""

    first: int
    lines: int
    fen: Fen
    quantity: Decimal | None
    like: Line


def missing(wanted: Iterable[Line], said: Mapping[str, Said]) -> list[Line]:
    """The lines to write, so that every source says what it should. The same facts again: none."""
    should = {one.source: one for one in wanted}
    return [*_wrong_or_new(should, said), *_gone(should, said)]


def base_of(source: str) -> str:
    """The source without the number of a later line."""
    return source.partition(NUMBER)[0]


def fee_element(code: str) -> str:
    """The element of revenue a fee is booked as."""
    if code in INSTALL_FEES:
        return "install_fee"
    return "material_fee" if code in MATERIAL_FEES else "on_site_fee"


def totals(lines: Iterable[tuple[str, str, Fen]]) -> dict[str, Fen]:
    """What lines (side, element, fen) come to, by `cost.material` and so on; what is nothing is left out."""
    found: dict[str, Fen] = {}
    for side, element, fen in lines:
        name = f"{side}.{element}"
        found[name] = found.get(name, 0) + fen
    return {name: fen for name, fen in sorted(found.items()) if fen}


def outsourced(lines: Iterable[Line]) -> bool:
    """Did an outside team do it? Then the own labour costs the ticket nothing."""
    return any(one.side == COST and one.inputs.get("code") == "contractor" for one in lines)


def _wrong_or_new(should: Mapping[str, Line], said: Mapping[str, Said]) -> Iterator[Line]:
    for source, line in should.items():
        known = said.get(source)
        if known is None:
            if line.fen or line.quantity:
                yield line
        elif line.fen != known.fen or (line.quantity or 0) != (known.quantity or 0):
            yield _next(known, line, line.fen - known.fen, (line.quantity or Decimal(0)) - (known.quantity or 0))


def _gone(should: Mapping[str, Line], said: Mapping[str, Said]) -> Iterator[Line]:
    for source, known in said.items():
        if source not in should and (known.fen or known.quantity):
            yield _next(known, known.like, -known.fen, -(known.quantity or Decimal(0)))


def _next(known: Said, line: Line, fen: Fen, quantity: Decimal) -> Line:
    """One more line of a source. It goes where the account's own lines go now, not back into the first one's month."""
    source = f"{base_of(line.source)}{NUMBER}{known.lines + 1}"
    counted = None if line.quantity is None else quantity
    return replace(line, source=source, fen=fen, quantity=counted, month="", reverses=known.first)
