"""What a storekeeper is warned of: too little, too long in a store, too long in a van; once, until it is over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from apps.inventory import services, warnings_read
from apps.inventory.errors import BadItem, ItemNotFound, NotYourPlace, PlaceNotFound, StaleItem
from apps.inventory.models import Level, StockWarning
from apps.inventory.rules import watching as rule
from apps.inventory.services.watching import sweep_warnings
from apps.people.accounts.models import RoleGrant
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import actor, client_at, key

AT = "/api/v1/stock"


@pytest.fixture
def goods(lotus_db):
    stock.item()
    stock.cable()


def level(place="main", item="cable", least=100, by="ku", **more):
    return services.set_level(place=place, item=item, min_level=Decimal(least), by=actor(by), key=key(), **more)


def look():
    return services.note_warnings(by=SYSTEM, key=key()).facts


def open_ones():
    rows = StockWarning.objects.filter(ended_at=None).select_related("place", "item").order_by("kind", "id")
    return [(row.kind, row.place.code if row.place else "", row.item.code, row.quantity) for row in rows]


def long_ago(days):
    return clock.frozen(clock.now() - timedelta(days=days))


def test_the_arithmetic_of_enough():
    shelf = rule.Shelf(on_hand=Decimal(5), on_the_way=Decimal(4), reserved=Decimal(2), used=Decimal(60))
    assert rule.is_low(shelf, Decimal(8)) and not rule.is_low(shelf, Decimal(7))
    assert rule.suggested(shelf, Decimal(8), 7, whole=True) == 14
    assert rule.suggested(shelf, Decimal(100), 7, whole=True) == 93, "at least what is missing"
    assert rule.suggested(rule.Shelf(used=Decimal(10)), Decimal(1), 7, whole=True) == 3
    assert rule.suggested(rule.Shelf(used=Decimal(-5)), Decimal(1), 7, whole=False) == 1


def test_first_in_first_out_tells_how_old_a_shelf_is():
    assert rule.lain_longer(Decimal(10), Decimal(4)) == 6 and rule.lain_longer(Decimal(10), Decimal(40)) == 0
    assert rule.aged(Decimal(10), (Decimal(1), Decimal(4), Decimal(12))) == (1, 3, 6, 0)


def test_too_little_in_a_place_counts_what_is_on_the_way_and_not_what_is_spoken_for(goods):
    stock.receive(stock.metres(130))
    stock.store("east")
    level("east", least=20)
    look()
    assert open_ones() == [("low", "east", "cable", 0)]
    number = stock.write("transfer", stock.metres(25), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    assert look()["ended"] == 1 and open_ones() == []
    level("main", least=106)
    look()
    assert open_ones() == [("low", "main", "cable", 105)]


def test_what_to_order_is_the_use_of_thirty_days_until_it_comes(goods):
    van = stock.van().code
    stock.receive(stock.metres(200))
    with long_ago(40):
        stock.receive(stock.metres(5))
    stock.post(stock.write("issue", stock.metres(90), source="main", target=van))
    taken_back = stock.write("issue", stock.metres(30), source="main", target=van)
    stock.post(taken_back)
    services.reverse_document(number=taken_back, reason="wrong", by=actor("ku"), key=key())
    level("main", least=116, lead_days=20)
    look()
    row = StockWarning.objects.get()
    assert (row.quantity, row.level, row.suggested) == (115, 116, 60)
    level("main", least=116)  # the branch's seven days
    look()
    assert StockWarning.objects.get().suggested == 21


def test_an_items_own_level_is_the_whole_branchs(goods):
    stock.cable()
    stock.item("cable", "quantity", unit="m", usual_cost=50, min_level=Decimal(50))
    stock.receive(stock.metres(60))
    stock.post(stock.write("issue", stock.metres(30), source="main", target=stock.van().code))
    look()
    assert open_ones() == [], "in the van they are still the branch's"
    stock.post(stock.write("repair", stock.metres(20), source="main"))
    look()
    assert open_ones() == [("low", "", "cable", 40)]


def test_what_lies_too_long_in_a_store_or_a_van_is_told_until_it_is_gone(goods):
    van = stock.van().code
    with long_ago(200):
        stock.receive(stock.boxes("SN0001", "SN0002"), stock.metres(100))
    with long_ago(50):
        stock.post(stock.write("issue", stock.boxes("SN0001"), stock.metres(30), source="main", target=van))
        stock.receive(stock.metres(40))
    stock.post(stock.write("issue", stock.metres(10), source="main", target=van))
    look()
    idle = [("idle", "main", "stb", 1), ("idle", "main", "cable", 60)]
    assert open_ones() == [*idle, ("van", van, "stb", 1), ("van", van, "cable", 30)]
    stock.post(stock.write("return", stock.boxes("SN0001"), stock.metres(25), source=van, target="main"))
    look()
    assert ("van", van, "cable", 5) in open_ones() and ("van", van, "stb", 1) not in open_ones()


def test_tools_that_are_lent_lie_in_a_van_as_long_as_they_like(goods):
    stock.item("meter", "tool")
    with long_ago(90):
        stock.receive(services.Told("meter", serials=("T00001",)))
        number = stock.write(
            "issue", services.Told("meter", serials=("T00001",)), source="main", target=stock.van().code
        )
        stock.post(number)
    look()
    assert open_ones() == []


def test_seen_twice_it_is_one_warning_and_one_event_and_coming_back_it_is_a_new_one(goods):
    level()
    assert look() == {"new": 1, "open": 1, "ended": 0}
    since = StockWarning.objects.get().since
    assert look() == {"new": 0, "open": 1, "ended": 0}
    row = StockWarning.objects.get()
    assert row.since == since < row.seen_at
    number = stock.receive(stock.metres(100))
    assert look() == {"new": 0, "open": 0, "ended": 1}
    services.reverse_document(number=number, reason="wrong", by=actor("ku"), key=key())
    look()
    assert StockWarning.objects.count() == 2 and OutboxEvent.objects.filter(kind="inventory.warned").count() == 2


def test_two_looks_at_once_begin_one_warning(committed, lotus):
    with in_branch(lotus.tenant):
        stock.cable()
        level()
        barrier = threading.Barrier(4)

        def one(_n):
            try:
                with in_branch(lotus.tenant):
                    barrier.wait(timeout=60)
                    return sweep_warnings()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(one, range(4)))
        assert open_ones() == [("low", "main", "cable", 0)]


def test_a_level_is_changed_by_who_keeps_the_place_and_taken_away_with_nothing(goods):
    stock.store("east")
    assert level("east").version == 1
    assert level("east", least=50, version=1).version == 2
    with pytest.raises(StaleItem):
        level("east", least=70, version=1)
    for wrong in ({"least": "0.001"}, {"least": "-1"}, {"least": "NaN"}, {"lead_days": 400}):
        with pytest.raises(BadItem):
            level("east", **wrong)
    with pytest.raises(BadItem):
        level(item="stb", least="1.5")
    for who in ("ji", "wu", "lin"):
        with pytest.raises(NotAllowed):
            level(by=who)
    with pytest.raises(PlaceNotFound):
        level("in_transit")
    with pytest.raises(ItemNotFound):
        level(item="none")
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")
    with pytest.raises(NotYourPlace):
        level("main")
    level("east", least=0)
    assert not Level.objects.exists()


def test_a_keeper_of_one_unit_reads_what_belongs_to_it(goods):
    stock.store("east", "EAST")
    stock.item("stb", min_level=Decimal(5))
    level("main")
    level("east")
    look()
    assert len(warnings_read.warnings_for(actor("ku")).rows) == 3
    assert warnings_read.counts_for(actor("ji")).of == {"low": 3, "idle": 0, "van": 0}
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")
    assert [row.place.code for row in warnings_read.warnings_for(actor("ku")).rows] == ["east"]
    with pytest.raises(NotAllowed):
        warnings_read.warnings_for(actor("wu"))


def test_over_http_levels_are_set_shelves_looked_at_and_warnings_read_page_by_page(goods, lotus_db, maple):
    ku = client_at(lotus_db, lotus_db.people["ku"])
    for item in ("cable", "stb"):
        assert ku.api("PUT", f"{AT}/places/main/levels/{item}", {"min_level": "10"}).json()["version"] == 1
    assert [one["item"]["code"] for one in ku.get(f"{AT}/places/main/levels").json()["results"]] == ["cable", "stb"]
    assert ku.api("PUT", f"{AT}/places/main/levels/stb", {"min_level": "x"}).status_code == 422
    looked = ku.api("POST", f"{AT}/warnings/look", {}).json()
    assert (looked["new"], looked["open"], looked["ended"]) == (2, 2, 0)
    first = ku.get(f"{AT}/warnings", {"kind": "low", "limit": 1}).json()
    rest = ku.get(f"{AT}/warnings", {"kind": "low", "after": first["next_after"]}).json()
    assert {one["item"]["code"] for one in (*first["results"], *rest["results"])} == {"cable", "stb"}
    assert first["results"][0]["place"]["code"] == "main" and rest["next_after"] is None
    with in_branch(maple.tenant):
        there = client_at(maple, maple.people["ku"])
        assert there.get(f"{AT}/warnings").json()["results"] == []
        assert there.api("PUT", f"{AT}/places/main/levels/cable", {"min_level": "10"}).status_code == 404


def test_a_new_value_is_asked_for_over_http_and_agreed_to(goods, lotus_db):
    stock.receive(stock.metres(10, 33))
    ji, de = (client_at(lotus_db, lotus_db.people[name]) for name in ("ji", "de"))
    body = {"reason": "price fell", "lines": [{"item": "cable", "unit_cost": "20.5"}]}
    asked = ji.api("POST", f"{AT}/revaluations", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "submitted")
    number = asked.json()["number"]
    done = de.api("POST", f"{AT}/documents/{number}/approve", {"version": asked.json()["version"]})
    assert done.json()["state"] == "posted"
    other = ji.api("POST", f"{AT}/revaluations", body).json()
    gone = ji.api("POST", f"{AT}/revaluations/{other['number']}/withdraw", {"version": other["version"]})
    assert gone.json()["state"] == "withdrawn"
