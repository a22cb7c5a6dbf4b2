"""Material on the own ticket: entered, changed, taken off; each time what is meant for it is reserved where it lies.

Who has the ticket draws from the own van, from acceptance until it is finished; a clerk from a counter they may use,
on what they entered themselves. Locks: technician, ticket, shelf, unit.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory import material_read
from apps.inventory.errors import (
    BadMaterial,
    ItemNotFound,
    MaterialNotFound,
    NotForThisType,
    NotHere,
    NotYourPlace,
    NoVan,
    SerialHeld,
)
from apps.inventory.models import Batch, Item, Material, Place, Serial
from apps.inventory.permissions import COUNTER_HANDS
from apps.inventory.rules.material import RESERVED, is_allowed
from apps.inventory.rules.serials import normal
from apps.inventory.services import _holding as holding
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.tickets.company import Standing
from apps.tickets.services import hold_entered, hold_own
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("inventory.enter_material")
def enter_material(
    *, public_id: str, item: str, quantity: Decimal, batch: str = "", counter: str = "", by: Actor
) -> Receipt:
    """So much of an item (of a drum) goes into this ticket in all: said again, the last word counts.

    Raises BadMaterial, ItemNotFound, NotForThisType, NotEnough, NoVan, and what tickets refuse.
    """
    ticket, place = _own(public_id, counter, by)
    found = _item(item, ticket)
    if found.by_number:
        raise BadMaterial({"item": [_("This item has numbers: scan the box.")]})
    _check_quantity(quantity)
    line = _line(ticket, place, found, by, drum=_drum(found, batch))
    holding.reserve(line, quantity - (line.quantity if line.pk else 0))
    line.quantity = quantity
    line.save()
    return _receipt(line, ticket)


@command("inventory.enter_unit")
def enter_unit(*, public_id: str, number: str, item: str = "", counter: str = "", by: Actor) -> Receipt:
    """This very box goes into the ticket; `item` where two have the same number. Scanned twice it stays one.

    Raises BadMaterial, NotHere, SerialHeld, NotForThisType, NoVan, and what tickets refuse.
    """
    ticket, place = _own(public_id, counter, by)
    unit = _unit(place, number, item)
    _check_allowed(unit.item, ticket)
    if unit.held_for not in ("", ticket.public_id):
        raise SerialHeld(numbers=unit.number)
    line = _line(ticket, place, unit.item, by, unit=unit)
    if line.pk is None:
        holding.reserve(line, line.quantity)
        holding.hold(unit, place, ticket.public_id)
        line.save()
    return _receipt(line, ticket)


@command("inventory.change_material")
def change_material(
    *, public_id: str, line: int, quantity: Decimal | None = None, reason: str | None = None, by: Actor
) -> Receipt:
    """Another quantity of a line, or why it is so much; of what an earlier visit took from another van never more.

    Raises MaterialNotFound, BadMaterial, NotEnough, NotYourPlace.
    """
    ticket, found = _own_line(public_id, line, by)
    if quantity is not None and quantity != found.quantity:
        if found.serial_id:
            raise BadMaterial({"quantity": [_("One box is one box. Take it off, or scan another one.")]})
        _check_quantity(quantity)
        if quantity > found.quantity and found.place.technician_id != by.technician_id:
            raise NotYourPlace(place=found.place.name)
        holding.reserve(found, quantity - found.quantity)
        found.quantity = quantity
    if reason is not None:
        found.reason = reason.strip()[:200]
    found.save(update_fields=["quantity", "reason"])
    return _receipt(found, ticket)


@command("inventory.take_off_material")
def take_off_material(*, public_id: str, line: int, by: Actor) -> Receipt:
    """It was not used after all: free again where it lies. Raises MaterialNotFound."""
    ticket, found = _own_line(public_id, line, by)
    holding.release([found])
    return _receipt(found, ticket)


def _own(public_id: str, counter: str, by: Actor) -> tuple[Standing, Place]:
    """The ticket, locked, and where its material comes from. Raises NoVan, PlaceNotFound, NotYourPlace."""
    if not counter:
        ticket = hold_own(public_id, by=by)
        return ticket, van_for(by)
    ticket = hold_entered(public_id, by=by)
    place = papers.place_at(counter, ["counter"])
    papers.check_reach(by, COUNTER_HANDS, place)
    return ticket, place


def _own_line(public_id: str, line: int, by: Actor) -> tuple[Standing, Material]:
    """A reserved line of the own ticket; a clerk's are those from a counter. Raises MaterialNotFound."""
    at_counter = by.technician_id is None
    ticket = (hold_entered if at_counter else hold_own)(public_id, by=by)
    rows = Material.objects.select_related("place", "item").filter(ticket=public_id, state=RESERVED, pk=line)
    found = rows.filter(place__kind="counter").first() if at_counter else rows.exclude(place__kind="counter").first()
    if found is None:
        raise MaterialNotFound
    return ticket, found


def van_for(by: Actor) -> Place:
    """The actor's own van. Raises NoVan."""
    found = Place.objects.filter(technician_id=by.technician_id or 0, kind="van", enabled=True).first()
    if found is None:
        raise NoVan
    return found


def _item(code: str, ticket: Standing) -> Item:
    found = Item.objects.filter(code=code).first()
    if found is None:
        raise ItemNotFound
    _check_allowed(found, ticket)
    return found


def _check_allowed(item: Item, ticket: Standing) -> None:
    """By what the branch laid down for the ticket's type; tools come home again. Raises NotForThisType."""
    _rule, norms = material_read.rule_of(ticket.type_code)
    if not is_allowed(norms, item=item.code, category=item.category, kind=item.kind):
        raise NotForThisType(item=item.name)


def _check_quantity(quantity: Decimal) -> None:
    if not lines.fits(quantity, lines.MOST, 2) or quantity == 0:
        most = _("More than nothing, at most %(most)s, with two decimals at most.") % {"most": lines.MOST}
        raise BadMaterial({"quantity": [most]})


def _drum(item: Item, number: str) -> Batch | None:
    if item.kind != "batch":
        if number:
            raise BadMaterial({"batch": [_("This item comes in no drums.")]})
        return None
    found = Batch.objects.filter(item=item, number=number).first() if number else None
    if found is None:
        raise BadMaterial({"batch": [_("Which drum? Name one of this item.")]})
    return found


def _unit(place: Place, number: str, item: str) -> Serial:
    """The unit of this number in this place. Raises BadMaterial, NotHere. One query."""
    plain = normal(number)
    if plain is None:
        raise BadMaterial({"number": [_("This cannot be a number. Scan the box, or type what stands on it.")]})
    rows = Serial.objects.select_related("item").filter(number=plain, place=place)
    found = list(rows.filter(item__code=item) if item else rows)
    if len(found) > 1:
        raise BadMaterial({"item": [_("Two items have this number here. Say which one it is.")]})
    if not found:
        raise NotHere(place=place.name, number=plain)
    return found[0]


def _line(
    ticket: Standing, place: Place, item: Item, by: Actor, *, drum: Batch | None = None, unit: Serial | None = None
) -> Material:
    """The line that is there already in this round, or a new one that is not written yet. One query."""
    rows = Material.objects.select_related("place", "item").filter(
        ticket=ticket.public_id, state=RESERVED, place=place, item=item, batch=drum, serial=unit
    )
    found = (rows if unit else rows.filter(round=ticket.round)).first()
    return found or Material(
        ticket=ticket.public_id, round=ticket.round, place=place, item=item, batch=drum, serial=unit,
        quantity=Decimal(1 if unit else 0), entered_by=by.ref, entered_at=clock.now(),
    )  # fmt: skip


def _receipt(line: Material, ticket: Standing) -> Receipt:
    facts = {"line": line.pk, "item": line.item.code, "quantity": f"{line.quantity:f}"}
    return Receipt("ticket_material", line.pk, ticket.public_id, facts=facts)
