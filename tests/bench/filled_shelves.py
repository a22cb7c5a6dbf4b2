"""Twenty stores with 50 items and a million movements in five years: what a look into the past is measured against."""

from datetime import datetime, timedelta
from random import Random

from django.db import connection

from steppe.kernel import clock

SHELVES = 50  # in each store: one for each item
STORES = 20
ENTRIES = 10_000  # each brings a piece of everything from the supplier to one of the stores
MOVEMENTS = 2 * SHELVES * ENTRIES
YEARS = 5
CODE = "past"
AT_ONCE = 1000

_GOODS = """
INSERT INTO inventory_item
       (code, name, category, kind, unit, usual_cost, warranty_months, min_level, barcode, enabled, version)
SELECT %(code)s || n, %(code)s || n, 'x', 'quantity', 'm', 1, 0, 0, '', true, 1
  FROM generate_series(0, %(shelves)s - 1) n
"""
_PLACES = """
INSERT INTO inventory_place (kind, code, name, org_path, physical, valued, enabled)
SELECT 'store', %(code)s || n, %(code)s || n, org_path, true, true, true
  FROM inventory_place, generate_series(0, %(stores)s - 1) n WHERE code = 'main'
"""
_SHELVES = """
INSERT INTO inventory_balance (place_id, item_id, physical, quantity, reserved, changed_at)
SELECT p.id, i.id, p.physical, CASE WHEN p.physical THEN %(entries)s / %(stores)s ELSE -%(entries)s END, 0, now()
  FROM inventory_place p, inventory_item i
 WHERE (p.code LIKE %(code)s || '%%' OR p.code = 'supplier') AND i.category = 'x'
"""
_MOVE = """
WITH made AS (
    INSERT INTO inventory_entry (key, document_id, ticket, by, by_name, at)
    SELECT 'past/' || n, (SELECT min(id) FROM inventory_document), '', 'system:0', 'system',
           now() - make_interval(secs => (%(entries)s - n) * %(step)s) FROM generate_series(%(first)s, %(last)s) n
    RETURNING id, at, substr(key, 6)::int AS n)
INSERT INTO inventory_movement (entry_id, place_id, item_id, delta, balance, value, at)
SELECT made.id, p.id, i.id, CASE WHEN p.physical THEN 1 ELSE -1 END,
       CASE WHEN p.physical THEN (n - 1) / %(stores)s + 1 ELSE -n END, 0, at
  FROM made, inventory_item i, inventory_place p
 WHERE i.category = 'x' AND p.code IN (%(code)s || (n - 1) %% %(stores)s, 'supplier') ORDER BY n
"""


def fill() -> None:
    """Written without the triggers, which would look at a million rows one by one; the sums are right all the same."""
    step = YEARS * 365 * 86_400 // ENTRIES
    told = {"code": CODE, "shelves": SHELVES, "stores": STORES, "entries": ENTRIES, "step": step}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ALTER TABLE inventory_movement DISABLE TRIGGER USER")
        for statement in (_GOODS, _PLACES, _SHELVES):
            cursor.execute(statement, told)
        for first in range(1, ENTRIES, AT_ONCE):
            cursor.execute(_MOVE, told | {"first": first, "last": first + AT_ONCE - 1})
        cursor.execute("ALTER TABLE inventory_movement ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE inventory_movement")
        cursor.execute("RESET statement_timeout")


def moments(count: int) -> list[datetime]:
    """Any moments of the five years."""
    random, now = Random(4), clock.now()
    return [now - timedelta(days=random.uniform(1, YEARS * 365 - 1)) for _ in range(count)]
