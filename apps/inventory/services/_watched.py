"""What a look at all shelves finds: too little, lying too long, too long in a van. Reads only; about ten queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from apps.inventory.models import Balance, Item, Level, Line, Movement, Serial
from apps.inventory.rules import watching as rule
from apps.inventory.rules.places import STORES
from steppe.kernel import clock
from tenants.context import policy

USES = ("consumption", "issue", "transfer")  # what draws on a shelf; a scrapped or lost piece is not used
AT_HAND = (*STORES, "van", "in_transit")  # what the branch can reckon with; goods in repair it cannot
Goods = tuple[int | None, int]  # place (none: the branch), item
Key = tuple[str, int | None, int, int | None]  # kind, place, item, drum


@dataclass(frozen=True)
class Found:
    """One shelf to be looked at."""

    kind: str
    place_id: int | None
    item_id: int
    batch_id: int | None
    quantity: Decimal
    level: Decimal = Decimal(0)
    suggested: Decimal = Decimal(0)

    @property
    def key(self) -> Key:
        return self.kind, self.place_id, self.item_id, self.batch_id


def look() -> list[Found]:
    """Everything there is to warn of now."""
    rules = policy()
    idle = _lain(rule.IDLE, STORES, rules.stock_idle_days)
    return [*_low(rules.stock_lead_days), *idle, *_lain(rule.VAN, ("van",), rules.van_idle_days)]


def _low(lead_days: int) -> Iterable[Found]:
    levels = Level.objects.filter(item__enabled=True, place__enabled=True).select_related("item")
    items = Item.objects.filter(enabled=True, min_level__gt=0)
    asked: list[tuple[int | None, Item, Decimal, int | None]]
    asked = [(one.place_id, one.item, one.min_level, one.lead_days) for one in levels]
    asked += [(None, one, one.min_level, None) for one in items]
    shelves = _shelves([(place, item.pk) for place, item, _level, _days in asked])
    for place, item, level, days in asked:
        shelf = shelves[place, item.pk]
        if rule.is_low(shelf, level):
            more = rule.suggested(shelf, level, lead_days if days is None else days, whole=item.by_number)
            yield Found(rule.LOW, place, item.pk, None, shelf.free, level, more)


def _shelves(asked: list[Goods]) -> dict[Goods, rule.Shelf]:
    """On hand, on the way, spoken for and used, of each place and item that is asked for. Five queries."""
    places, items = {place for place, _item in asked if place}, {item for _place, item in asked}
    facts: dict[Goods, dict[str, Decimal]] = defaultdict(dict)
    here = Balance.objects.filter(place__in=places, item__in=items).values_list("place", "item")
    for place, item, there, held in here.annotate(Sum("quantity"), Sum("reserved")):
        facts[place, item] |= {"on_hand": there, "reserved": held}
    branch = Balance.objects.filter(place__kind__in=AT_HAND, item__in=items).values_list("item")
    for item, there, held in branch.annotate(Sum("quantity"), Sum("reserved")):
        facts[None, item] |= {"on_hand": there, "reserved": held}
    sent = Line.objects.filter(document__state="shipped", document__target__in=places, item__in=items)
    for place, item, there in sent.values_list("document__target", "item").annotate(Sum("quantity")):
        facts[place, item]["on_the_way"] = there
    for goods, used in _used(places, items):
        facts[goods]["used"] = used
    return {goods: rule.Shelf(**facts[goods]) for goods in asked}


def _used(places: set[int], items: set[int]) -> Iterable[tuple[Goods, Decimal]]:
    """What left each place in thirty days to be used, less what was taken back; of the branch what customers got."""
    since = clock.now() - timedelta(days=rule.USED_DAYS)
    rows = Movement.objects.filter(at__gte=since, item__in=items, place=F("entry__document__source"))
    here = rows.filter(place__in=places, entry__document__kind__in=USES).values_list("place", "item")
    for place, item, delta in here.annotate(Sum("delta")):
        yield (place, item), -delta
    branch = rows.filter(entry__document__kind="consumption").values_list("item").annotate(Sum("delta"))
    for item, delta in branch:
        yield (None, item), -delta


def _lain(kind: str, places: tuple[str, ...], days: int) -> Iterable[Found]:
    """What has lain in such places for longer: numbered units by their own time, the rest first in, first out."""
    since = clock.now() - timedelta(days=days)
    units = Serial.objects.filter(place__kind__in=places, moved_at__lt=since).exclude(item__kind="tool")
    for place, item, count in units.values_list("place", "item").annotate(Count("id")):
        yield Found(kind, place, item, None, Decimal(count))
    rows = Balance.objects.filter(place__kind__in=places, quantity__gt=0).exclude(item__kind__in=Item.BY_NUMBER)
    came = came_since(since, Q(place__kind__in=places))
    for place, item, batch, quantity in rows.values_list("place", "item", "batch", "quantity"):
        if left := rule.lain_longer(quantity, came.get((place, item, batch), Decimal(0))):
            yield Found(kind, place, item, batch, left)


def came_since(since: datetime, where: Q) -> dict[tuple[int, int, int | None], Decimal]:
    """What came in on each shelf since then. One query."""
    rows = Movement.objects.filter(where, at__gte=since, delta__gt=0).values_list("place", "item", "batch")
    return {(place, item, batch): total for place, item, batch, total in rows.annotate(Sum("delta"))}
