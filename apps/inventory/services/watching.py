"""How much a place should have at least, and the nightly look at what has too little or lies too long."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.utils.translation import gettext as _

from apps.inventory.errors import BadItem, ItemNotFound, PlaceNotFound, StaleItem
from apps.inventory.events import StockWarned
from apps.inventory.models import Item, Level, Place, StockWarning
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.places import STORES
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services import _watched as watched
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor, require
from steppe.kernel.commands import Receipt, command, emit

LONGEST_LEAD = 365


@command("inventory.set_level")
def set_level(
    *, place: str, item: str, min_level: Decimal, lead_days: int | None = None, version: int | None = None, by: Actor
) -> Receipt:
    """How much of an item a store or van should have; nothing takes the level away. `lead_days`: until more comes.

    Raises PlaceNotFound, ItemNotFound, NotYourPlace, BadItem, StaleItem. Locks the level.
    """
    require(by, KEEPERS)
    where, what = _named(place, item)
    papers.check_reach(by, KEEPERS, where)
    _check_level(min_level, lead_days, what)
    before = Level.objects.select_for_update().filter(place=where, item=what).first()
    if version is not None and version != (before.version if before else 0):
        raise StaleItem(item=what.name)
    if not min_level:
        Level.objects.filter(place=where, item=what).delete()
        return Receipt("stock_level", before.pk if before else 0, public_id=f"{place}/{item}")
    told = {"min_level": min_level, "lead_days": lead_days, "version": before.version + 1 if before else 1}
    level, _made = Level.objects.update_or_create(place=where, item=what, defaults=told)
    return Receipt("stock_level", level.pk, public_id=f"{place}/{item}", version=level.version)


def _named(place: str, item: str) -> tuple[Place, Item]:
    where = Place.objects.filter(code=place, kind__in=(*STORES, "van")).first()
    what = Item.objects.filter(code=item).first()
    if where is None:
        raise PlaceNotFound
    if what is None:
        raise ItemNotFound
    return where, what


def _check_level(min_level: Decimal, lead_days: int | None, item: Item) -> None:
    wrong = {}
    if not lines.fits(min_level, lines.MOST, 0 if item.by_number else 2):
        wrong["min_level"] = [_("A quantity of this item, please; nothing for no level.")]
    if lead_days is not None and not 0 <= lead_days <= LONGEST_LEAD:
        wrong["lead_days"] = [_("Between 0 and %(most)s days.") % {"most": LONGEST_LEAD}]
    if wrong:
        raise BadItem(wrong)


@command("inventory.note_warnings")
def note_warnings(*, by: Actor) -> Receipt:
    """One row for each shelf and kind: new ones begin, known ones are brought up to date, those that are over end.

    Twice changes nothing but the time. For the night, and for a keeper who wants to know now. Locks the open rows.
    """
    require(by, KEEPERS)
    now, found = clock.now(), {one.key: one for one in watched.look()}
    rows = StockWarning.objects.select_for_update().filter(ended_at=None).order_by("id")
    known = {(row.kind, row.place_id, row.item_id, row.batch_id): row for row in rows}
    over = [row.pk for key, row in known.items() if key not in found]
    StockWarning.objects.filter(pk__in=over).update(ended_at=now)
    _bring_up_to_date(known, found, now)
    new = _begin([one for key, one in found.items() if key not in known], now)
    return Receipt("stock_warning", 0, facts={"new": new, "open": len(found), "ended": len(over)})


def _bring_up_to_date(
    known: dict[watched.Key, StockWarning], found: dict[watched.Key, watched.Found], now: datetime
) -> None:
    rows = [row for key, row in known.items() if key in found]
    for row in rows:
        one = found[row.kind, row.place_id, row.item_id, row.batch_id]
        row.quantity, row.level, row.suggested, row.seen_at = one.quantity, one.level, one.suggested, now
    StockWarning.objects.bulk_update(rows, ["quantity", "level", "suggested", "seen_at"], batch_size=500)


def _begin(found: list[watched.Found], now: datetime) -> int:
    rows = [
        StockWarning(
            kind=one.kind, place_id=one.place_id, item_id=one.item_id, batch_id=one.batch_id, quantity=one.quantity,
            level=one.level, suggested=one.suggested, since=now, seen_at=now,
        )
        for one in found
    ]  # fmt: skip
    StockWarning.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if rows:
        day = now.astimezone(clock.BUSINESS_ZONE).date()
        emit(
            StockWarned(
                entity_id=day.toordinal(), public_id=day.isoformat(), version=1, new=len(rows), noted_at=now.isoformat()
            )
        )  # fmt: skip
    return len(rows)


def sweep_warnings() -> int:
    """Every night; how many are new."""
    return int(note_warnings(by=SYSTEM, key=uuid4().hex).facts["new"])
