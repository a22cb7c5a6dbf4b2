"""A receipt from a file: a row for each numbered unit or each quantity, put together to lines; written as a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.models import Item, Serial
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules import sheets as rule
from apps.inventory.rules.documents import KINDS
from apps.inventory.rules.serials import is_drum, normal
from apps.inventory.services import _papers as papers
from apps.inventory.services._judged import Judged, Tell, unreadable
from apps.inventory.services._lines import Told
from apps.inventory.services.documents import write_document
from steppe.kernel.actors import Actor
from steppe.kernel.errors import BadFile
from steppe.kernel.sheet_files import Row, Table

AT_ONCE = 5000  # numbers in one question


@dataclass
class Group:
    """The rows of one item (and drum): what becomes a line."""

    item: Item
    batch: str
    first: int
    cost: Decimal | None = None
    quantity: Decimal = Decimal(0)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def line(self) -> Told:
        return Told(self.item.code, self.quantity, self.batch, tuple(self.numbers), self.cost)


def check(asked: Mapping[str, Any], table: Table, by: Actor) -> None:
    """Into which store, and of what, if the file does not say. Raises BadFile, PlaceNotFound, NotYourPlace."""
    papers.check_reach(by, KEEPERS, papers.place_at(asked["target"], KINDS["receipt"].targets))
    if not asked.get("item") and "item" not in table.heads:
        raise BadFile({"item": [_("Choose the item: the file names none.")]})
    if asked.get("item") and not Item.objects.filter(code=asked["item"], enabled=True).exists():
        raise BadFile({"item": [_("There is no such item here.")]})


def judge(asked: Mapping[str, Any], table: Table, tell: Tell) -> Judged:
    """Every row, then every number against the books. Two queries, and one for every 5,000 numbers."""
    judged, groups = Judged(), dict[tuple[str, str], Group]()
    items = {one.code: one for one in Item.objects.filter(enabled=True)}
    for done, row in enumerate(table.rows, 1):
        tell(done)
        if not unreadable(row, table.heads, judged):
            for name, sentence in _judge(row, asked.get("item", ""), items, groups):
                judged.blame(row.place, table.heads.get(name) or name, sentence)
    for group in groups.values():
        _blame_known(group, table.heads, judged)
    judged.wrong.sort(key=lambda one: one[0])
    judged.good = [group.line for group in groups.values()]
    if not judged.good and not judged.wrong:
        raise BadFile({"file": [_("There is no row in this file.")]})
    return judged


def _judge(
    row: Row, usual: str, items: dict[str, Item], groups: dict[tuple[str, str], Group]
) -> Iterator[tuple[str, str]]:
    """Put the row to its line; (field, sentence) for what is wrong with it."""
    cells = row.cells
    item = items.get(cells.get("item") or usual)
    if item is None:
        yield "item", _("There is no such item here, or it is switched off.")
        return
    batch = cells.get("batch", "")
    group = groups.setdefault((item.code, batch), Group(item, batch, row.place))
    yield from _numbered(row, group) if item.by_number else _counted(row, group)
    yield from _cost(row, group)


def _numbered(row: Row, group: Group) -> Iterator[tuple[str, str]]:
    number, text = normal(row.cells.get("serial", "")), row.cells.get("serial", "")
    if number is None:
        yield "serial", _("This cannot be a serial number.") if text else _("The serial number is missing.")
    elif number in group.numbers:
        yield "serial", _("This number stands in row %(row)s already.") % {"row": group.numbers[number]}
    elif row.cells.get("quantity") and rule.number(row.cells["quantity"]) != 1:
        yield "quantity", _("An item with numbers has one row for each.")
    else:
        group.numbers[number] = row.place
    if group.batch:
        yield "batch", _("This item comes in no drums.")


def _counted(row: Row, group: Group) -> Iterator[tuple[str, str]]:
    found, drums = rule.number(row.cells.get("quantity", "")), group.item.kind == "batch"
    if row.cells.get("serial"):
        yield "serial", _("This item has no numbers.")
    if found is None or found <= 0 or found != round(found, 2):
        yield "quantity", _("More than nothing, with two decimals at most.")
    else:
        group.quantity += found
    if drums and not is_drum(group.batch):
        yield "batch", _("Which drum? Write its number, with 40 characters at most and no space.")
    elif group.batch and not drums:
        yield "batch", _("This item comes in no drums.")


def _cost(row: Row, group: Group) -> Iterator[tuple[str, str]]:
    """A line has one cost; the rows that say none take it."""
    text = row.cells.get("unit_cost", "")
    if not text:
        return
    found = rule.number(text)
    fen = None if found is None else found * 100
    if fen is None or fen < 0 or fen != round(fen, 4):
        yield "unit_cost", _("Please write an amount in yuan.")
    elif group.cost not in (None, fen):
        yield (
            "unit_cost",
            _("Row %(row)s gives this item another cost. One document has one cost for each item.")
            % {"row": group.first},
        )
    else:
        group.cost = fen


def _blame_known(group: Group, heads: dict[str, str], judged: Judged) -> None:
    """Numbers that are in the books already: nothing comes in twice."""
    numbers = list(group.numbers)
    for start in range(0, len(numbers), AT_ONCE):
        rows = Serial.objects.filter(item=group.item, number__in=numbers[start : start + AT_ONCE])
        for number in rows.exclude(place__kind="supplier").values_list("number", flat=True):
            told = _("This number is in the books already.")
            judged.blame(group.numbers[number], heads.get("serial") or "serial", told)


def write(asked: Mapping[str, Any], judged: Judged, *, by: Actor, key: str) -> dict[str, Any]:
    """The draft of a receipt; the storekeeper looks at it and posts it."""
    done = write_document(
        kind="receipt", target=asked["target"], told=judged.good, reason=asked.get("reason", ""),
        origin=asked.get("origin", ""), by=by, key=key,
    )  # fmt: skip
    units = sum(len(line.serials) for line in judged.good)
    return {"document": done.public_id, "lines": len(judged.good), "units": units}
