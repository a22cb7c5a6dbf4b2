"""The items of a branch, its stores and vans."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.errors import BadItem, PlaceNotFound, StaleItem
from apps.inventory.models import Item, Line, Place
from apps.inventory.permissions import ITEM_KEEPERS
from apps.inventory.rules import items as rule
from apps.inventory.rules.places import KINDS, STORES
from apps.inventory.services import _papers as papers
from apps.people import selectors as people
from apps.people.errors import TechnicianNotFound
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

VAN = "van-"  # what the codes of vans begin with


@command("inventory.save_item")
def save_item(
    *,
    code: str,
    name: str,
    category: str,
    kind: str,
    unit: str,
    usual_cost: int = 0,
    warranty_months: int = 0,
    min_level: Decimal = Decimal(0),
    barcode: str = "",
    enabled: bool = True,
    version: int | None = None,
    new: bool = False,
    by: Actor,
) -> Receipt:
    """An item, made or changed by its code. `usual_cost` is fen of one unit; `version` what the reader had before him;
    `new`: only made, never changed.

    Its kind is for ever once a document speaks of it: numbers and drums cannot be made out of metres.
    Raises BadItem, StaleItem. Locks the item.
    """
    require(by, ITEM_KEEPERS)
    told = {
        "name": name, "category": category, "unit": unit, "usual_cost": usual_cost, "min_level": min_level,
        "warranty_months": warranty_months, "barcode": barcode, "enabled": enabled,
    }  # fmt: skip
    if wrong := faults_of({**told, "kind": kind}):
        raise BadItem(wrong)
    item, made = Item.objects.select_for_update().get_or_create(code=code, defaults={**told, "kind": kind})
    if new and not made:
        raise BadItem({"code": [_("Another item has this code. Choose another one.")]})
    if not made:
        _change(item, kind, told, version)
    return Receipt("stock_item", item.pk, public_id=item.code, version=item.version)


def faults_of(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with an item as it is told, as sentences at its fields."""
    wrong = {field: [_sentence(field, fault)] for field, fault in rule.faults(told)}
    if told["kind"] not in Item.KINDS:
        wrong["kind"] = [_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(Item.KINDS)}]
    return wrong


def _sentence(field: str, fault: str) -> str:
    return {
        "missing": _("Please fill this in."),
        "long": _("At most %(most)s characters.") % {"most": rule.LENGTHS.get(field, 0)},
        "cost": _("Between nothing and a million yuan."),
        "months": _("Between 0 and %(most)s months.") % {"most": rule.LONGEST_WARRANTY},
        "level": _("Nothing or more, with two decimals at most."),
    }[fault]


def _change(item: Item, kind: str, told: dict[str, object], version: int | None) -> None:
    if version is not None and version != item.version:
        raise StaleItem(item=item.name)
    if kind != item.kind and Line.objects.filter(item=item).exists():
        raise BadItem({"kind": [_("Documents speak of this item: its kind stays. Make a new item instead.")]})
    for field, value in {**told, "kind": kind}.items():
        setattr(item, field, value)
    item.version += 1
    item.save()


@command("inventory.open_place")
def open_place(*, kind: str, code: str, name: str, unit: str, by: Actor) -> Receipt:
    """A store of a unit of the organisation (its code). Idempotent by code. Raises BadItem, PlaceNotFound,
    NotYourPlace.
    """
    require(by, ITEM_KEEPERS)
    if kind not in STORES:
        raise BadItem({"kind": [_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(STORES)}]})
    found = people.unit_by_code(unit)
    if found is None:
        raise PlaceNotFound
    place = Place(**_kind(kind) | {"code": code, "name": name, "org_path": found.path})
    papers.check_reach(by, ITEM_KEEPERS, place)
    place = _opened(place)
    return Receipt("stock_place", place.pk, public_id=place.code)


@command("inventory.open_van")
def open_van(*, technician_id: int, by: Actor) -> Receipt:
    """The van stock of a technician, of which there is one; it goes with him to another unit. Idempotent.

    Raises TechnicianNotFound, NotYourPlace.
    """
    require(by, ITEM_KEEPERS)
    found = people.technicians_by_id([technician_id]).get(technician_id)
    if found is None:
        raise TechnicianNotFound
    stands = people.path_of_technician(technician_id) or papers.WHOLE_BRANCH
    papers.check_reach(by, ITEM_KEEPERS, Place(physical=True, name=found.user.name, org_path=stands))
    place = van_of(technician_id, name=found.user.name, org_path=stands)
    return Receipt("stock_place", place.pk, public_id=place.code)


def van_of(technician_id: int, *, name: str, org_path: str) -> Place:
    """The technician's van, made when it is wanted for the first time."""
    told = {"name": name, "org_path": org_path}
    made = _kind("van") | {"code": f"{VAN}{technician_id}"} | told
    return Place.objects.update_or_create(technician_id=technician_id, defaults=told, create_defaults=made)[0]


def _opened(place: Place) -> Place:
    """The place as told, made unless it is there. A code stands for one place, and vans have theirs. Raises BadItem."""
    told = {field: getattr(place, field) for field in ("kind", "name", "org_path", "physical", "valued")}
    free = not place.code.startswith(VAN)
    found = Place.objects.get_or_create(code=place.code, defaults=told)[0] if free else None
    if found is None or (found.kind, found.org_path) != (place.kind, place.org_path):
        raise BadItem({"code": [_("Another place has this code. Choose another one.")]})
    return found


def _kind(kind: str) -> dict[str, object]:
    found = KINDS[kind]
    return {"kind": kind, "physical": found.physical, "valued": found.valued}
