"""What came back from the customer on the own ticket: a device with its number and condition, or why there is none.

Written down until the ticket is finished; then it is posted (with_ticket.py). Locks: technician, ticket.
"""

from django.utils.translation import gettext as _

from apps.inventory.errors import BadMaterial, ItemNotFound, MaterialNotFound, NotAtCustomer
from apps.inventory.models import Item, Recovered, Serial
from apps.inventory.rules.material import CONDITIONS, RELEASED, RESERVED, WHY_NOT
from apps.inventory.rules.serials import normal
from apps.inventory.services.material import van_for
from apps.tickets.company import Standing
from apps.tickets.services import hold_own
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.money import Fen

DEAREST = 100_000_000  # fen: a million yuan


@command("inventory.enter_recovered")
def enter_recovered(
    *, public_id: str, number: str, condition: str, item: str = "", note: str = "", by: Actor
) -> Receipt:
    """This device came back. The books know its item, or it is told. Said again, the last condition counts.

    Good ones go into the own van. Raises BadMaterial, ItemNotFound, NotAtCustomer, NoVan, and what tickets refuse.
    """
    ticket = hold_own(public_id, by=by)
    if condition not in CONDITIONS:
        raise BadMaterial({"condition": [_("Good, repairable or scrap: which is it?")]})
    plain = normal(number)
    if plain is None:
        raise BadMaterial({"number": [_("This cannot be a number. Scan the box, or type what stands on it.")]})
    if condition == "good":
        van_for(by)
    kind = _item_of(plain, item)
    told = {"condition": condition, "note": note.strip()[:200], "entered_by": by.ref, "entered_at": clock.now()}
    mine = Recovered.objects.filter(ticket=public_id, item=kind, number=plain, state=RESERVED)
    if not mine.update(**told):
        Recovered.objects.create(ticket=public_id, item=kind, number=plain, **told)
    return _receipt(mine.get(), ticket)


@command("inventory.enter_not_recovered")
def enter_not_recovered(*, public_id: str, why: str, fee: Fen = 0, note: str = "", by: Actor) -> Receipt:
    """The customer keeps it, or has lost it; `fee` (fen) is what was agreed to be paid. Said again, the last counts.

    Raises BadMaterial, and what tickets refuse.
    """
    ticket = hold_own(public_id, by=by)
    if why not in WHY_NOT:
        raise BadMaterial({"why": [_("Kept by the customer, or lost: which is it?")]})
    if not 0 <= fee <= DEAREST:
        raise BadMaterial({"fee": [_("Between nothing and a million yuan.")]})
    told = {"fee": fee, "note": note.strip()[:200], "entered_by": by.ref, "entered_at": clock.now()}
    mine = Recovered.objects.filter(ticket=public_id, number="", state=RESERVED)
    if not mine.update(why=why, **told):
        Recovered.objects.create(ticket=public_id, why=why, **told)
    return _receipt(mine.get(), ticket)


@command("inventory.take_off_recovered")
def take_off_recovered(*, public_id: str, line: int, by: Actor) -> Receipt:
    """It was written down by mistake. Raises MaterialNotFound, also for what is in the books already."""
    ticket = hold_own(public_id, by=by)
    mine = Recovered.objects.filter(ticket=public_id, pk=line, state=RESERVED)
    if not mine.update(state=RELEASED):
        raise MaterialNotFound
    return _receipt(Recovered.objects.get(pk=line), ticket)


def _item_of(number: str, told: str) -> Item:
    """The item of a unit that the books have at a customer; a stranger's is told. Raises NotAtCustomer, BadMaterial."""
    rows = Serial.objects.select_related("item", "place").filter(number=number).order_by("item__code")
    known = list(rows.filter(item__code=told) if told else rows)
    there = [one for one in known if one.place.kind == "customer"]
    if len(there) == 1:
        return there[0].item
    if there:
        raise BadMaterial({"item": [_("Two items have this number. Say which one it is.")]})
    if known:
        raise NotAtCustomer(number=number, place=known[0].place.name)
    if not told:
        raise BadMaterial({"item": [_("The books do not know this number. Say what kind of device it is.")]})
    return _told(told)


def _told(code: str) -> Item:
    found = Item.objects.filter(code=code).first()
    if found is None:
        raise ItemNotFound
    if found.kind != "serialized":
        raise BadMaterial({"item": [_("This item has no numbers.")]})
    return found


def _receipt(line: Recovered, ticket: Standing) -> Receipt:
    facts = {"line": line.pk, "number": line.number, "condition": line.condition, "why": line.why}
    return Receipt("ticket_recovered", line.pk, ticket.public_id, facts=facts)
