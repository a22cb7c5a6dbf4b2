"""Stock: a posting against the bare SQL of its rows, a past balance among a million movements, 10,000 boxes at once."""

import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction

from apps.inventory import books_read, services
from apps.inventory.models import Balance, Document, Item, Movement, Place
from apps.inventory.services import Told
from apps.people import roles
from apps.people import services as people
from apps.people.accounts.models import User
from apps.people.models import OrgUnit, Technician
from apps.people.selectors import actor_for_user
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.bench import filled_shelves, world
from tests.bench.bare_posting import post_bare
from tests.bench.report import Report
from tests.bench.sizes import BOXES_AT_ONCE, POSTINGS

LOOKS = 200


def measure(report: Report, _made: object = None) -> None:
    """A branch of its own."""
    made = world.build("stock", pooled=0)
    with in_branch(made.tenant):
        keeper = _keeper()
        _goods(keeper)
        _postings(report, keeper)
        _boxes(report, keeper)
        began = time.perf_counter()
        filled_shelves.fill()
        print(f"# {filled_shelves.MOVEMENTS:,} movements: {time.perf_counter() - began:.1f} s", flush=True)
        _past(report, keeper)


def _keeper() -> Actor:
    root = OrgUnit.objects.get(kind="branch")
    user = people.add_user(username="keeper", name="仓管", encoded="!", grants=[(roles.STOREKEEPER, root.path)])
    found = actor_for_user(User.objects.get(pk=user.pk).pk)
    assert found is not None
    return found


def _goods(keeper: Actor) -> None:
    told = {"category": "drop_cable", "kind": "quantity", "unit": "m", "usual_cost": 50}
    services.save_item(code="cable", name="皮线", **told, by=keeper, key="item")
    services.save_item(code="stb", name="机顶盒", **told | {"kind": "serialized"}, by=keeper, key="box")
    services.open_van(technician_id=Technician.objects.order_by("id")[0].pk, by=keeper, key="van")
    number = _written(keeper, "receipt", Told("cable", Decimal(1_000_000)), target="main")
    services.post_document(number=number, by=keeper, key="all")


def _written(keeper: Actor, kind: str, told: Told, **more: str) -> str:
    key = f"write-{kind}-{time.perf_counter_ns()}"
    return services.write_document(kind=kind, told=[told], by=keeper, key=key, **more).public_id


def _postings(report: Report, keeper: Actor) -> None:
    """Cable into repair is a move of one line between two shelves; the bare one writes exactly its rows."""
    papers = [_written(keeper, "repair", Told("cable", Decimal(1)), source="main") for _ in range(2 * POSTINGS)]
    ours, bare = papers[:POSTINGS], papers[POSTINGS:]
    documents = list(Document.objects.filter(number__in=bare).select_related("source", "target").order_by("id"))
    rows = Movement.objects.count()
    took = _spent(lambda: [services.post_document(number=one, by=keeper, key=one) for one in ours])
    written = Movement.objects.count() - rows
    plainly = _spent(lambda: [post_bare(one, keeper) for one in documents])
    assert Movement.objects.count() - rows == 2 * written, "the bare posting must write as many rows"
    for name, one in (("posting", took), ("bare SQL of the same rows", plainly)):
        report.add(f"{name}: rate", POSTINGS / one.seconds, "1/s")
        report.add(f"{name}: CPU (process and database)", one.cpu / POSTINGS * 1000, "ms")
    report.add("postings/s / bare SQL of the same rows", plainly.seconds / took.seconds * 100, "%")
    report.add("posting, CPU / bare SQL of the same rows", took.cpu / plainly.cpu, "x")


def _boxes(report: Report, keeper: Actor) -> None:
    """A receipt of 10,000 numbers, written and posted; the bare one inserts numbers, lines and steps."""
    numbers = tuple(f"BOX{n:07d}" for n in range(BOXES_AT_ONCE))
    made: list[str] = []
    writing = _spent(lambda: made.append(_written(keeper, "receipt", Told("stb", serials=numbers), target="main")))
    posting = _spent(lambda: services.post_document(number=made[0], by=keeper, key="boxes"))
    bare = _spent(lambda: _bare_boxes(BOXES_AT_ONCE))
    whole = writing.seconds + posting.seconds
    report.add(f"{BOXES_AT_ONCE:,} boxes: written", writing.seconds, "s")
    report.add(f"{BOXES_AT_ONCE:,} boxes: posted", posting.seconds, "s")
    report.add(f"{BOXES_AT_ONCE:,} boxes: rate", BOXES_AT_ONCE / whole, "1/s")
    report.add("boxes, written and posted / bare SQL of the same rows", whole / bare.seconds, "x")


def _bare_boxes(count: int) -> None:
    """As many rows of the same tables by three statements that know everything beforehand; undone again."""
    document, main = Document.objects.order_by("-id")[0], Place.objects.get(code="main")
    told = {"n": count, "item": Item.objects.get(code="stb").pk, "place": main.pk, "paper": document.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_document (number, kind, state, version, source_id, target_id, ticket, reason,"
            " reversed_because, origin, made_by, made_at, submitted_by, approved_by, posted_by, shipped_by)"
            " SELECT 'bare', kind, 'draft', 1, source_id, target_id, '', '', '', '', made_by, now(), '', '', '', ''"
            " FROM inventory_document WHERE id = %(paper)s",
            told,
        )
        cursor.execute(
            "WITH line AS (INSERT INTO inventory_line (document_id, item_id, quantity)"
            " SELECT max(id), %(item)s, %(n)s FROM inventory_document RETURNING id)"
            " INSERT INTO inventory_lineserial (line_id, number)"
            " SELECT id, 'X' || n FROM line, generate_series(1, %(n)s) n",
            told,
        )
        cursor.execute(
            "WITH made AS (INSERT INTO inventory_serial (item_id, number, place_id, state, ticket, moved_at)"
            " SELECT %(item)s, 'X' || n, %(place)s, 'in_stock', '', now() FROM generate_series(1, %(n)s) n"
            " RETURNING id)"
            " INSERT INTO inventory_serialstep (entry_id, serial_id, source_id, target_id, at)"
            " SELECT (SELECT max(id) FROM inventory_entry), id, %(place)s, %(place)s, now() FROM made",
            told,
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _past(report: Report, keeper: Actor) -> None:
    """What lay there a year ago, however much came later: one read of an index for each shelf."""
    place, moments = Place.objects.get(code=f"{filled_shelves.CODE}7"), filled_shelves.moments(LOOKS)
    rows = Movement.objects.filter(place=place, item=Item.objects.get(code=f"{filled_shelves.CODE}0"), batch=None)
    plan = rows.filter(at__lt=moments[0]).order_by(*books_read.NEWEST)[:1].explain()
    assert "movement_before" in plan and "Seq Scan" not in plan, plan
    whole = books_read.shelves_at(Balance.objects.filter(place=place), moments[0]).explain(analyze=True)
    assert "movement_before" in whole and "Seq Scan on inventory_movement" not in whole, whole
    print("# balance at a moment:", next(line.strip() for line in plan.splitlines() if "movement_before" in line))
    pks = list(Movement.objects.filter(place=place).order_by("?").values_list("pk", flat=True)[:LOOKS])
    one_row = _each(pks, lambda pk: Movement.objects.filter(pk=pk).values_list("balance", flat=True).first())
    newest = rows.order_by(*books_read.NEWEST).values_list("balance", flat=True)
    look = _each(moments, lambda at: newest.filter(at__lt=at).first())
    page = _each(moments[:40], lambda at: books_read.place_at(keeper, place.code, at))
    report.add("a row of a million by its key: time", one_row * 1000, "ms")
    report.add("balance at a moment / a row by its key", look / one_row, "x", most=2)
    report.add(f"a place of {filled_shelves.SHELVES} shelves at a moment: time", page * 1000, "ms")
    report.add("a shelf of it / a row by its key", page / filled_shelves.SHELVES / one_row, "x", most=2)


def _each(given: Sequence[object], read: Callable[[object], object]) -> float:
    """Seconds of one read, after one round that nobody counts."""
    for one in given[:20]:
        read(one)
    began = time.perf_counter()
    for one in given:
        read(one)
    return (time.perf_counter() - began) / len(given)


class _Spent:
    """Wall clock and CPU of this process and the database's own for it."""

    def __init__(self, work: Callable[[], object]) -> None:
        connection.ensure_connection()
        database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        cpu, began = _cpu(database), time.perf_counter()
        work()
        self.seconds, self.cpu = time.perf_counter() - began, _cpu(database) - cpu


def _cpu(database: Path) -> float:
    return time.process_time() + int(database.read_text().split()[0]) / 1e9


def _spent(work: Callable[[], object]) -> _Spent:
    return _Spent(work)
