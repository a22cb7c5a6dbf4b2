"""What is read from the books: balances, cards, the past, lives and papers; by whom; and for how many queries."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from apps.inventory import books_read, papers_read, selectors, services
from apps.inventory.errors import BadQuestion, DocumentNotFound, PlaceNotFound, SerialNotFound
from apps.inventory.models import Balance, Item, Movement
from apps.inventory.services import Told
from apps.people.accounts.models import RoleGrant
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tests.inventory import stock
from tests.make import actor, key

MANY = 20_000  # in each of two places
AT_ONCE = 4_000

MOVE_MANY = """
WITH made AS (
    INSERT INTO inventory_entry (key, document_id, ticket, by, by_name, at)
    SELECT 'many/' || %(item)s || '/' || n, (SELECT min(id) FROM inventory_document), '', 'system:0', 'system',
           now() - make_interval(mins => %(many)s - n) FROM generate_series(%(first)s, %(last)s) n
    RETURNING id, at, split_part(key, '/', 3)::int AS n)
INSERT INTO inventory_movement (entry_id, place_id, item_id, batch_id, delta, balance, value, at)
SELECT id, place, %(item)s, NULL, 1, n, 0, at FROM made CROSS JOIN unnest(%(places)s) AS place ORDER BY n
"""


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()
    stock.item("drum", "batch", unit="m", usual_cost=40)
    stock.receive(stock.boxes(), stock.metres(100), Told("drum", Decimal(500), batch="D1"))


@pytest.fixture
def van(goods):
    code = stock.van("wu").code
    stock.post(stock.write("issue", stock.boxes("SN0001"), stock.metres(30), source="main", target=code))
    return code


def held(page):
    return {(one.place.code, one.item.code, one.batch): one.quantity for one in page.rows}


def test_who_keeps_counts_or_leads_sees_every_place_and_a_technician_the_own_van(van):
    for name in ("ku", "ji", "de", "bai"):
        assert {"main", van, "in_transit"} <= {one.code for one in selectors.places_for(actor(name))}
    stock.van("bo")
    assert [one.code for one in selectors.places_for(actor("wu"))] == [van]
    assert held(selectors.balances_in(actor("wu"), van)) == {(van, "stb", ""): 1, (van, "cable", ""): 30}
    assert held(selectors.balances_of(actor("wu"), "cable")) == {(van, "cable", ""): 30}
    with pytest.raises(PlaceNotFound):
        selectors.balances_in(actor("wu"), "main")
    for name in ("lin", "cai"):
        with pytest.raises(NotAllowed):
            selectors.places_for(actor(name))


def test_a_keeper_of_one_unit_sees_the_places_below_it_and_their_papers_only(van):
    stock.store("east", "EAST")
    west = stock.write("receipt", stock.metres(1), target=stock.store("west", "WEST").code)
    east = stock.write("receipt", stock.metres(1), target="east")
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")
    codes = {one.code for one in selectors.places_for(actor("ku"))}
    assert "east" in codes and not codes & {"west", "main", "in_transit", "supplier"}
    seen = {one.number for one in papers_read.documents_for(actor("ku")).rows}
    assert east in seen and west not in seen
    with pytest.raises(DocumentNotFound):
        papers_read.document_for(actor("ku"), west)


def test_items_are_found_by_a_part_of_their_name_page_by_page(django_assert_num_queries):
    for n in range(5):
        stock.item(f"router{n}", name=f"Router {n}", barcode=f"69{n}")
    ku = actor("ku")
    with django_assert_num_queries(1):
        first = selectors.items_for(ku, query="outer", limit=3)
    rest = selectors.items_for(ku, query="outer", limit=3, after=first.next_after)
    assert [one.code for one in (*first.rows, *rest.rows)] == [f"router{n}" for n in range(5)]
    assert rest.next_after is None
    assert [one.code for one in selectors.items_for(ku, query="693").rows] == ["router3"]
    assert not selectors.items_for(ku, query="%").rows


def test_balances_page_by_page_are_all_of_them_once(van, django_assert_num_queries):
    ku, after, seen = actor("ku"), "", []
    while after is not None:
        with django_assert_num_queries(2):
            page = selectors.balances_in(ku, "main", after=after, limit=1)
        seen += [one.item.code for one in page.rows]
        after = page.next_after
    assert seen == ["cable", "drum", "stb"]


def test_the_card_opens_with_what_was_there_and_follows_line_by_line(van, django_assert_num_queries):
    middle = clock.now()
    stock.receive(stock.metres(5))
    number = stock.receive(stock.metres(7))
    ku = actor("ku")
    with django_assert_num_queries(4):
        card = books_read.card(ku, place="main", item="cable", start=middle)
    assert card.opening == 70
    assert [(one.delta, one.balance) for one in card.lines.rows] == [(5, 75), (7, 82)]
    last = card.lines.rows[-1].entry
    assert (last.document.number, last.by_name) == (number, ku.name)
    assert [one.balance for one in books_read.card(ku, place="main", item="cable", until=middle).lines.rows] == [
        100,
        70,
    ]


def test_the_card_goes_on_where_its_page_ended(van):
    stock.receive(stock.metres(5))
    first = books_read.card(actor("ku"), place="main", item="cable", limit=2)
    second = books_read.card(actor("ku"), place="main", item="cable", limit=2, after=first.lines.next_after)
    assert second.opening == first.lines.rows[-1].balance == 70
    assert [one.balance for one in second.lines.rows] == [75] and second.lines.next_after is None


def test_a_card_of_drums_is_one_drums_card():
    with pytest.raises(BadQuestion):
        books_read.card(actor("ku"), place="main", item="drum")
    assert books_read.card(actor("ku"), place="main", item="drum", batch="D1").lines.rows[0].balance == 500


def test_a_place_is_told_as_it_was_at_any_moment(van, django_assert_num_queries):
    ku, moments, expected = actor("ku"), [], []
    for metres in (5, 7, 11):
        moments.append(clock.now())
        expected.append(stock.on_hand("main", "cable"))
        stock.receive(stock.metres(metres))
    for moment, quantity in zip(moments, expected, strict=True):
        with django_assert_num_queries(2):
            page = books_read.place_at(ku, "main", moment)
        assert held(page) == {("main", "cable", ""): quantity, ("main", "drum", "D1"): 500, ("main", "stb", ""): 4}
    assert not books_read.place_at(ku, "main", moments[0] - timedelta(days=1)).rows


def test_a_past_balance_is_one_look_among_forty_thousand_movements():
    main, cable = stock.place("main"), Item.objects.get(code="cable")
    _many_movements(main, cable)
    moment = clock.now() - timedelta(days=7)
    rows = books_read.shelves_at(Balance.objects.filter(place=main), moment)
    plan = rows.explain(analyze=True)
    assert "movement_before" in plan and "Seq Scan on inventory_movement" not in plan, plan
    looks = [line for line in plan.splitlines() if "movement_before" in line]
    read = [float(rows) for line in looks for rows in re.findall(r"actual .*rows=([0-9.]+)", line)]
    assert read and max(read) <= 1, plan
    wanted = Movement.objects.filter(place=main, item=cable, at__lt=moment).order_by("-at", "-id").first()
    assert {one.item.code: one.then for one in rows}["cable"] == wanted.balance


def test_a_shelf_at_rest_is_one_look_too_while_the_same_item_moves_elsewhere():
    """No drum is to the planner no constant: without it in the order it reads the item's history from the end."""
    main, cable = stock.place("main"), Item.objects.get(code="cable")
    _many_movements(stock.place("in_transit"), cable)
    _many_movements(main, stock.item("panel", "quantity"))  # the shelf rests, the place does not
    rows = Movement.objects.filter(place=main, item=cable, batch=None, at__lt=clock.now())
    for order in (books_read.NEWEST, books_read.OLDEST, ("batch_id", "-id")):
        plan = rows.order_by(*order)[:1].explain(analyze=True)
        assert "movement_" in plan and "Sort" not in plan, plan
        assert "Rows Removed" not in plan, plan


def _many_movements(place, item):
    """As if single metres had come in here and elsewhere, one a minute; the triggers would ask for all the rest."""
    other = stock.place("repair").pk
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_movement DISABLE TRIGGER USER")
        for first in range(1, MANY, AT_ONCE):
            stock.forget_plans()
            told = {
                "places": [place.pk, other],
                "item": item.pk,
                "many": MANY,
                "first": first,
                "last": first + AT_ONCE - 1,
            }
            cursor.execute(MOVE_MANY, told)
        cursor.execute("ANALYZE inventory_movement")


def test_the_life_of_a_number_is_every_step_with_its_document(van, django_assert_num_queries):
    stock.post(stock.write("return", stock.boxes("SN0001"), source=van, target="main"))
    ku = actor("ku")
    with django_assert_num_queries(2):
        [life] = books_read.lives_of(ku, "sn 0001")
    ways = [(one.source.code, one.target.code, one.entry.document.kind) for one in life.steps]
    assert ways == [("supplier", "main", "receipt"), ("main", van, "issue"), (van, "main", "return")]
    assert life.unit.place.code == "main"
    assert books_read.lives_of(actor("wu"), "SN0001"), "it was in his van"
    for number in ("SN0002", "SN9999", "?"):
        with pytest.raises(SerialNotFound):
            books_read.lives_of(actor("wu"), number)


def test_documents_are_found_by_kind_state_and_place_newest_first_page_by_page(van, django_assert_num_queries):
    ku = actor("ku")
    drafts = [stock.write("receipt", stock.metres(n + 1), target="main") for n in range(3)]
    with django_assert_num_queries(1):
        first = papers_read.documents_for(ku, kind="receipt", state="draft", place="main", limit=2)
    rest = papers_read.documents_for(ku, kind="receipt", state="draft", limit=2, after=first.next_after)
    assert [one.number for one in (*first.rows, *rest.rows)] == drafts[::-1] and rest.next_after is None
    assert [one.kind for one in papers_read.documents_for(actor("wu")).rows] == ["issue"]


def test_one_document_is_read_with_all_its_lines_in_three_queries(van, django_assert_num_queries):
    ku = actor("ku")
    number = stock.write("receipt", stock.boxes("SN8", "SN9"), stock.metres(3), target="main")
    with django_assert_num_queries(3):
        paper = papers_read.document_for(ku, number)
        assert [sorted(one.number for one in line.serials.all()) for line in paper.lines] == [["SN8", "SN9"], []]


def test_a_transfer_of_a_unit_is_seen_by_both_ends(van):
    stock.store("east", "EAST")
    number = stock.write("transfer", stock.metres(1), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")
    assert papers_read.document_for(actor("ku"), number).document.state == "shipped"
