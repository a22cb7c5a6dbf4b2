"""Items from a file: every row is judged as the item's form is; what is good is written with one command."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.models import Item, Line
from apps.inventory.permissions import ITEM_KEEPERS
from apps.inventory.rules import items as item_rule
from apps.inventory.rules import sheets as rule
from apps.inventory.services._judged import Judged, Tell, unreadable
from apps.inventory.services.items import faults_of
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.sheet_files import Row, Table

TEXTS = ("code", "name", "category", "unit", "barcode")


def check(asked: Mapping[str, Any], table: Table, by: Actor) -> None:
    """Nothing beside the file to judge."""


def judge(asked: Mapping[str, Any], table: Table, tell: Tell) -> Judged:
    """Every row as an item; a code stands in the file once, and a kind that documents speak of stays. Two queries."""
    judged, seen = Judged(), dict[str, int]()
    kinds = dict(Item.objects.values_list("code", "kind"))
    fixed = set(Line.objects.values_list("item__code", flat=True).distinct())
    for done, row in enumerate(table.rows, 1):
        tell(done)
        if not unreadable(row, table.heads, judged):
            _judge(row, table.heads, judged, seen, kinds, fixed)
    return judged


def _judge(
    row: Row, heads: dict[str, str], judged: Judged, seen: dict[str, int], kinds: dict[str, str], fixed: set[str]
) -> None:
    told, wrong = _told(row.cells)
    code = told["code"]
    if code in seen:
        wrong["code"] = _("This code stands in row %(row)s already.") % {"row": seen[code]}
    if code in fixed and told["kind"] != kinds.get(code):
        wrong["kind"] = _("Documents speak of this item: its kind stays. Make a new item instead.")
    seen.setdefault(code, row.place)
    for name, sentence in wrong.items():
        judged.blame(row.place, heads.get(name) or name, sentence)
    if not wrong:
        judged.good.append(told)


def _told(cells: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """A row as the form would tell it, and what is wrong with it."""
    wrong: dict[str, str] = {}
    told: dict[str, Any] = {name: cells.get(name, "") for name in TEXTS} | {"kind": rule.kind_of(cells.get("kind", ""))}
    for name, times in (("usual_cost", 100), ("min_level", 1), ("warranty_months", 1)):
        found = rule.number(cells.get(name) or "0")
        if found is None or (name != "min_level" and found * times != int(found * times)):
            wrong[name] = _("Please write a number.")
        told[name] = (found or Decimal(0)) * times
    told |= {name: int(told[name]) for name in ("usual_cost", "warranty_months")}
    enabled = rule.truth(cells.get("enabled", ""))
    if enabled is None:
        wrong["enabled"] = _("Write yes or no.")
    if not item_rule.CODE.fullmatch(told["code"]):
        wrong["code"] = _("Latin letters, digits, - and _, at most 30 of them.")
    return told | {"enabled": bool(enabled)}, {name: why[0] for name, why in faults_of(told).items()} | wrong


def write(asked: Mapping[str, Any], judged: Judged, *, by: Actor, key: str) -> dict[str, Any]:
    """The good rows, all at once."""
    done = save_items(told=judged.good, by=by, key=key)
    return dict(done.facts)


@command("inventory.save_items")
def save_items(*, told: list[dict[str, Any]], by: Actor) -> Receipt:
    """Many items, made or changed by their codes. Locks them in the order of codes. Two queries and one or two more
    for every thousand.
    """
    require(by, ITEM_KEEPERS)
    wanted = {one["code"]: one for one in told}
    rows = list(Item.objects.select_for_update().filter(code__in=wanted).order_by("code"))
    known = {row.code for row in rows}
    changed = [row for row in rows if _changed(row, wanted[row.code])]
    fields = ["name", "category", "kind", "unit", "usual_cost", "warranty_months", "min_level", "barcode", "enabled"]
    Item.objects.bulk_update(changed, [*fields, "version"], batch_size=500)
    new = [Item(**one) for code, one in sorted(wanted.items()) if code not in known]
    Item.objects.bulk_create(new, batch_size=500)
    return Receipt(
        "stock_items", 0, facts={"made": len(new), "changed": len(changed), "same": len(rows) - len(changed)}
    )


def _changed(row: Item, told: dict[str, Any]) -> bool:
    before = {name: getattr(row, name) for name in told}
    for name, value in told.items():
        setattr(row, name, value)
    row.version += before != told
    return before != told
