"""What the demo's stores and vans hold, by the services themselves: bought, handed out and confirmed. A few items only."""

from decimal import Decimal

from apps.inventory import services as stock
from apps.inventory.services import Told
from apps.people import selectors as people_reads
from steppe.boot.demo.staff import Cast
from steppe.kernel.actors import Actor

# code, name, category, kind, unit, fen of one, months, least in the branch
ITEMS = (
    ("STB-4K", "4K 智能机顶盒", "stb", "serialized", "台", 21_000, 24, 10),
    ("ONU-1", "GPON 光猫 单口", "onu", "serialized", "台", 9_000, 24, 10),
    ("WIFI6", "WiFi6 路由器", "router", "serialized", "台", 13_500, 24, 5),
    ("CARD", "智能卡", "smart_card", "serialized", "张", 1_200, 0, 20),
    ("DROP-1", "单芯皮线光缆", "drop_cable", "batch", "m", 45, 0, 500),
    ("COAX-5", "同轴电缆 SYWV75-5", "coax", "quantity", "m", 160, 0, 200),
    ("SC", "SC 冷接子", "connector", "quantity", "个", 250, 0, 100),
    ("RC", "遥控器", "remote", "quantity", "只", 1_200, 6, 20),
    ("OPM", "光功率计", "tool", "tool", "台", 38_000, 12, 0),
)
BOUGHT = (("STB-4K", 24), ("ONU-1", 24), ("WIFI6", 10), ("CARD", 24))
BY_MEASURE = (("COAX-5", 600), ("SC", 300), ("RC", 60))
DRUMS = ("D-0701", "D-0702", "D-0703", "D-0704", "D-0705")
METRES = 500
VANS = 4  # technicians of the first grids
IN_A_VAN = (("STB-4K", 3), ("ONU-1", 3), ("CARD", 3))
IN_A_VAN_BY_MEASURE = (("COAX-5", 60), ("SC", 30), ("RC", 6))


def stock_up(cast: Cast) -> int:
    """Items, a receipt and a few full vans; idempotent by the keys. How many vans. Runs in the branch."""
    keeper = people_reads.actor_for_user(cast.office["store"])
    assert keeper is not None
    for code, name, category, kind, unit, cost, months, least in ITEMS:
        stock.save_item(
            code=code, name=name, category=category, kind=kind, unit=unit, usual_cost=cost, warranty_months=months,
            min_level=Decimal(least), by=keeper, key=f"demo-item-{code}",
        )  # fmt: skip
    _receive(keeper)
    crews = [crew[0] for crew in cast.technicians.values() if crew][:VANS]
    for seat, technician in enumerate(crews):
        driver = people_reads.actor_for_user(technician.user_id)
        assert driver is not None
        _fill(seat, driver, keeper)
    return len(crews)


def _receive(keeper: Actor) -> None:
    told = [Told(code, serials=_numbers(code, 0, count)) for code, count in BOUGHT]
    told += [Told(code, Decimal(much)) for code, much in BY_MEASURE]
    told += [Told("DROP-1", Decimal(METRES), batch=drum) for drum in DRUMS]
    made = stock.write_document(
        kind="receipt", target="main", told=told, origin="purchase", reason="", by=keeper, key="demo-receipt"
    )
    stock.post_document(number=made.public_id, by=keeper, key="demo-receipt-post")


def _fill(seat: int, driver: Actor, keeper: Actor) -> None:
    """Handed out by the storekeeper, confirmed by who drives."""
    van = stock.open_van(technician_id=driver.technician_id or 0, by=keeper, key=f"demo-van-{seat}")
    told = [Told(code, serials=_numbers(code, seat * count, count)) for code, count in IN_A_VAN]
    told += [Told(code, Decimal(much)) for code, much in IN_A_VAN_BY_MEASURE]
    told += [Told("DROP-1", Decimal(METRES), batch=DRUMS[seat])]
    made = stock.write_document(
        kind="issue", source="main", target=van.public_id, told=told, by=keeper, key=f"demo-issue-{seat}"
    )
    stock.ship_transfer(number=made.public_id, by=keeper, key=f"demo-ship-{seat}")
    stock.receive_transfer(number=made.public_id, by=driver, key=f"demo-receive-{seat}")


def _numbers(code: str, first: int, count: int) -> tuple[str, ...]:
    return tuple(f"{code}-{2_600_001 + number}" for number in range(first, first + count))
