"""The material of a ticket as its readers see it, and what its technician has in the van for it.

Whoever sees the ticket sees what goes into it; what it cost only who may know what goods cost.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from apps.inventory.errors import ItemNotFound
from apps.inventory.models import Balance, Item, Material, MaterialRule, Movement, Place, Recovered, Serial
from apps.inventory.permissions import ITEM_KEEPERS, READERS
from apps.inventory.rules import material as rules
from apps.inventory.selectors import drum_of, sees_costs
from apps.tickets import selectors as tickets
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed
from steppe.kernel.money import Fen

if TYPE_CHECKING:
    from apps.tickets.models import Ticket

MOST_BOXES = 60  # numbers of one item in a van that are offered to tap


@dataclass(frozen=True)
class Shown:
    """A line: what is usual for it in all, and whether what was entered is far above that."""

    line: Material
    norm: Decimal | None
    above: bool
    former: bool  # entered in an earlier round, or by who had the ticket before

    @property
    def explained(self) -> bool:
        return bool(self.line.reason)


@dataclass(frozen=True)
class Sheet:
    """All of it. `asked`: a device must come back; `cost` (fen): what was used less what came back, None for who need
    not know it.
    """

    lines: Sequence[Shown]
    back: Sequence[Recovered]
    asked: bool
    cost: Fen | None

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.back or self.asked)

    @property
    def owes(self) -> bool:
        """A device should come back, and nobody has said anything yet."""
        return self.asked and not self.back


@dataclass(frozen=True)
class Free:
    """What is free in the own van: so much, or these boxes; `norm`: usual for this type of ticket."""

    item: Item
    batch: str
    quantity: Decimal
    norm: Decimal | None
    numbers: Sequence[str] = ()


def sheet_for(actor: Actor, public_id: str) -> Sheet:
    """The material of one ticket, for staff. Raises NotAllowed, TicketNotFound. Four queries or more."""
    if actor.kind not in ("staff", "system"):
        raise NotAllowed
    return sheet_of(actor, tickets.ticket_for(actor, public_id).ticket)


def sheet_of(actor: Actor, ticket: "Ticket") -> Sheet:
    """For a ticket that `tickets.ticket_for` has let through. Three queries; more where something was laid down."""
    rows = Material.objects.filter(ticket=ticket.public_id).exclude(state=rules.RELEASED)
    lines = list(rows.select_related("item", "place", "batch", "serial", "document").order_by("id"))
    back = Recovered.objects.filter(ticket=ticket.public_id).exclude(state=rules.RELEASED)
    rule, norms = rule_of(ticket.type.code)
    return Sheet(
        _shown(lines, rule, norms, ticket.reopen_count), list(back.select_related("item", "document").order_by("id")),
        rule.recovery, cost_of(ticket.public_id) if sees_costs(actor) else None,
    )  # fmt: skip


def known_answers(public_id: str, asked: Container[str]) -> dict[str, Any]:
    """What the material says already of what a type asks at the finish (rules/field_sets of tickets): the number that
    was put in, the number that came back, the metres of drop cable. A query for each of the two kinds that is asked.
    """
    found: dict[str, Any] = {}
    if "serial_in" in asked or "cable_m" in asked:
        found |= _put_in(public_id)
    if "serial_out" in asked:
        rows = Recovered.objects.filter(ticket=public_id).exclude(state=rules.RELEASED).exclude(number="")
        found["serial_out"] = rows.order_by("id").values_list("number", flat=True).first()
    return {name: value for name, value in found.items() if value and name in asked}


def _put_in(public_id: str) -> dict[str, Any]:
    lines = Material.objects.filter(ticket=public_id).exclude(state=rules.RELEASED).order_by("id")
    rows = list(lines.values_list("serial__number", "quantity", "item__category", "item__unit"))
    cable = sum((much for _number, much, category, unit in rows if (category, unit) == ("drop_cable", "m")), Decimal(0))
    return {
        "serial_in": next((row[0] for row in rows if row[0]), None),
        "cable_m": rules.amount(cable) if cable else "",
    }


def cost_of(public_id: str) -> Fen:
    """What left the branch's stock for this ticket, less what came back into it. One query."""
    rows = Movement.objects.filter(entry__document__ticket=public_id)
    return -int(rows.aggregate(total=Sum("value"))["total"] or 0)


def free_for(actor: Actor, ticket: "Ticket") -> Sequence[Free] | None:
    """What of the own van this ticket may use, by item; None without a van. Five queries at most."""
    van = Place.objects.filter(technician_id=actor.technician_id or 0, kind="van", enabled=True).first()
    if van is None:
        return None
    _found, norms = rule_of(ticket.type.code)
    rows = Balance.objects.filter(place=van, quantity__gt=0).select_related("item", "batch")
    numbers = _free_numbers(van)
    found = [_free(one, norms, numbers) for one in rows.order_by("item__category", "item__code", "batch__number")]
    return [one for one in found if one.quantity > 0 and _allowed(one.item, norms)]


def recoverable(actor: Actor) -> Sequence[Item]:
    """What kinds of devices can come back from a customer, also those that are not bought any more. One query."""
    return list(Item.objects.filter(kind="serialized").order_by("category", "code"))


def material_rules(actor: Actor) -> Sequence[tuple[MaterialRule, Sequence[rules.Norm]]]:
    """What the branch laid down, by type. Raises NotAllowed. Two queries."""
    require(actor, (*READERS, *ITEM_KEEPERS))
    rows = MaterialRule.objects.prefetch_related("norms__item").order_by("type_code")
    return [(rule, _norms(rule)) for rule in rows]


def material_rule(actor: Actor, type_code: str) -> tuple[MaterialRule, Sequence[rules.Norm]]:
    """One type's. Raises NotAllowed, ItemNotFound where nothing was laid down."""
    found = next((one for one in material_rules(actor) if one[0].type_code == type_code), None)
    if found is None:
        raise ItemNotFound
    return found


def _shown(lines: Sequence[Material], rule: MaterialRule, norms: Sequence[rules.Norm], now: int) -> list[Shown]:
    used = [(line, used_of(line)) for line in lines]
    above = [one.norm for one in rules.sums(norms, [one for _line, one in used]) if one.is_over(rule.tolerance_pct)]
    found = []
    for line, one in used:
        norm = rules.norm_of(norms, one.item, one.category)
        found.append(Shown(line, norm.quantity if norm else None, norm in above, line.round < now))
    return found


def used_of(line: Material) -> rules.Used:
    """The line as norms look at it. No query if its item is loaded."""
    item = line.item
    return rules.Used(item.code, item.category, item.name, item.unit, line.quantity, line.reason)


def rule_of(type_code: str) -> tuple[MaterialRule, list[rules.Norm]]:
    """What holds for a type: its rule, or one that asks for nothing, and the norms. Three queries, or one."""
    rule = MaterialRule.objects.prefetch_related("norms__item").filter(type_code=type_code).first()
    return (rule, _norms(rule)) if rule else (MaterialRule(type_code=type_code), [])


def _norms(rule: MaterialRule) -> list[rules.Norm]:
    return [
        rules.Norm(one.item.code if one.item else "", one.category, one.quantity)
        for one in sorted(rule.norms.all(), key=lambda row: row.pk)
    ]


def _allowed(item: Item, norms: Sequence[rules.Norm]) -> bool:
    return rules.is_allowed(norms, item=item.code, category=item.category, kind=item.kind)


def _free_numbers(van: Place) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Serial.objects.filter(place=van, held_for="").order_by("item_id", "number").values_list("item", "number")
    for item, number in rows:
        found.setdefault(item, []).append(number)
    return found


def _free(row: Balance, norms: Sequence[rules.Norm], numbers: dict[int, list[str]]) -> Free:
    item = row.item
    norm = rules.norm_of(norms, item.code, item.category)
    boxes = numbers.get(item.pk, [])[:MOST_BOXES] if item.by_number else []
    return Free(item, drum_of(row), row.quantity - row.reserved, norm.quantity if norm else None, boxes)
