"""A stocktake opened, closed, withdrawn. The store stays open all the time: nothing here locks a shelf.

Opening writes down what the books have, and up to which movement, in one statement: one look at one moment.
"""

from django.db import connection
from django.utils.translation import gettext as _

from apps.inventory.errors import BadCount, CountOpen, CountUnfinished
from apps.inventory.models import Count, CountLine, Item, Place
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules import counting as rule
from apps.inventory.services import _counts as counts
from apps.inventory.services import _papers as papers
from apps.inventory.services._figures import figures_of, store_figures
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

_NEXT_ID = "SELECT nextval(pg_get_serial_sequence('inventory_count', 'id'))"
_FREEZE = """
WITH marked AS (
    UPDATE inventory_count SET frozen_steps = coalesce((SELECT max(id) FROM inventory_serialstep), 0)
     WHERE id = %(count)s
), listed AS (
    INSERT INTO inventory_countline (count_id, item_id, batch_id, listed, frozen, frozen_upto, turn, value, moved)
    SELECT %(count)s, shelf.item_id, shelf.batch_id, true, shelf.quantity, coalesce(CASE WHEN shelf.batch_id IS NULL
             THEN (SELECT max(id) FROM inventory_movement
                    WHERE place_id = shelf.place_id AND item_id = shelf.item_id AND batch_id IS NULL)
             ELSE (SELECT max(id) FROM inventory_movement
                    WHERE place_id = shelf.place_id AND item_id = shelf.item_id AND batch_id = shelf.batch_id)
           END, 0), 1, 0, false
      FROM inventory_balance shelf JOIN inventory_item item ON item.id = shelf.item_id
     WHERE shelf.place_id = %(place)s AND shelf.quantity <> 0 AND %(category)s IN ('', item.category)
    RETURNING id, item_id
)
INSERT INTO inventory_countunit (line_id, serial_id, step)
SELECT listed.id, unit.id, coalesce((SELECT max(id) FROM inventory_serialstep WHERE serial_id = unit.id), 0)
  FROM listed JOIN inventory_serial unit ON unit.item_id = listed.item_id AND unit.place_id = %(place)s
"""


@command("inventory.open_count")
def open_count(*, place: str, category: str = "", by: Actor) -> Receipt:
    """Freeze the list of a store or van: of all its goods, or of one category.

    Raises PlaceNotFound, NotYourPlace, BadCount, CountOpen. Locks the place's row, so that two who open the same at
    once do not both count it; goods go on moving.
    """
    require(by, KEEPERS)
    where = papers.place_at(place, rule.COUNTED)
    papers.check_reach(by, KEEPERS, where)
    if category and not Item.objects.filter(category=category).exists():
        raise BadCount({"category": [_("There is no such category here.")]})
    Place.objects.select_for_update(no_key=True).get(pk=where.pk)
    _check_free(where, category)
    count = _new(where, category, by)
    _freeze(count)
    counts.announce(count)
    return counts.receipt(count, lines=count.lines.count())


@command("inventory.close_count")
def close_count(
    *, number: str, recount: bool = True, leave_out: bool = False, version: int | None = None, by: Actor
) -> Receipt:
    """Work out the differences and hand them to somebody else to decide.

    `recount`: shelves that differ are first asked for once more, without saying how they differ; the count then stays
    open and `again` says how many they are. `leave_out`: shelves nobody has counted are not judged.
    Raises CountUnfinished.
    """
    count = counts.lock_count(number, by, KEEPERS, version=version, states=[rule.COUNTING])
    papers.check_reach(by, KEEPERS, count.place)
    figures = figures_of(count)
    listed = count.lines.count()
    if listed and not figures:
        raise CountUnfinished(left=listed)
    again = [one.line.pk for one in figures if one.differs and one.line.turn == 1] if recount else []
    if again:
        return _ask_again(count, again)
    if not leave_out and (left := listed - len(figures)):
        raise CountUnfinished(left=left)
    told = store_figures(count, figures)
    counts.step(count, rule.CLOSED, closed_by=by.ref, closed_at=clock.now(), **told)
    return counts.receipt(count, again=0)


@command("inventory.withdraw_count")
def withdraw_count(*, number: str, reason: str = "", version: int | None = None, by: Actor) -> Receipt:
    """Nothing was posted, and nothing will be; what was counted stays to be read."""
    count = counts.lock_count(number, by, KEEPERS, version=version, states=rule.OPEN)
    papers.check_reach(by, KEEPERS, count.place)
    return counts.step(count, rule.WITHDRAWN, reason=reason.strip()[:200])


def _check_free(place: Place, category: str) -> None:
    """No shelf is counted twice at once: its difference would be posted twice. Raises CountOpen. One query."""
    rows = Count.objects.filter(place=place, state__in=rule.OPEN)
    found = rows.filter(category__in=("", category)).first() if category else rows.first()
    if found is not None:
        raise CountOpen(number=found.number, place=place.name)


def _new(place: Place, category: str, by: Actor) -> Count:
    """A row with its number, which is made of the id that is taken first. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_ID)
        [row_id] = cursor.fetchone()
    now = clock.now()
    number = rule.number_of(year=now.astimezone(clock.BUSINESS_ZONE).year, count_id=row_id)
    return Count.objects.create(
        id=row_id, number=number, place=place, category=category, opened_by=by.ref, opened_name=by.name[:60],
        opened_at=now,
    )  # fmt: skip


def _freeze(count: Count) -> None:
    told: dict[str, int | str] = {"count": count.pk, "place": count.place_id, "category": count.category}
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, told)


def _ask_again(count: Count, lines: list[int]) -> Receipt:
    """These shelves are counted once more; everybody's page shows that, and nothing of the books."""
    CountLine.objects.filter(pk__in=lines).update(turn=2)
    counts.step(count, rule.COUNTING)
    return counts.receipt(count, again=len(lines))
