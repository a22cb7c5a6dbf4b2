"""Last month's work with goods, by the services themselves at the hours of then, so that stock, points and profit of a
month that is over agree; and who was on duty when.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from apps.inventory import services as stock
from apps.people import past
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.people.models import Technician
from apps.tickets import services as tickets
from apps.tickets.services import Report
from steppe.boot.demo.names import People
from steppe.boot.demo.staff import Cast
from steppe.boot.demo.stock import VANS
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.clock import BUSINESS_ZONE

DAY = timedelta(days=1)
CLAMPS = Decimal(2)  # connectors used on each of these tickets
SHIFT = (8, 10)  # hour it begins, hours it lasts


def last_month() -> datetime:
    """The first moment of the month before this one."""
    first = clock.now().astimezone(BUSINESS_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - DAY).replace(day=1)


def mend_with_goods(slug: str, cast: Cast) -> int:
    """One fault for each van, in the middle of last month, done with two connectors; how many."""
    names, drivers = People(f"goods {slug}"), [crew[0] for crew in cast.technicians.values() if crew][:VANS]
    for seat, driver in enumerate(drivers):
        with clock.frozen(last_month() + timedelta(days=11 + seat, hours=10)):
            _mend(seat, driver, cast, names)
    return len(drivers)


def _mend(seat: int, driver: Technician, cast: Cast, names: People) -> None:
    agent, caller, hands = (_actor(user) for user in (cast.office["agent"], cast.office["callback"], driver.user_id))
    grid, key = driver.org_unit, f"demo-goods-{seat}"
    people.set_duty(on_duty=True, by=hands, key=f"{key}-on")
    report = Report(
        type_code="fault_tv", contact_name=names.name(), contact_phone=names.phone(), description="马赛克",
        address=f"{grid.keywords[0]} {seat + 1}-1-101", lat=grid.lat, lng=grid.lng, anyway=True,
    )  # fmt: skip
    name = tickets.open_ticket(report=report, channel="hotline_96066", by=agent, key=f"{key}-open").public_id
    tickets.grab_ticket(public_id=name, by=hands, key=f"{key}-grab")
    tickets.check_in(public_id=name, lat=grid.lat, lng=grid.lng, by=hands, key=f"{key}-in")
    stock.enter_material(public_id=name, item="SC", quantity=CLAMPS, by=hands, key=f"{key}-goods")
    tickets.complete_ticket(public_id=name, solution="更换冷接子", by=hands, key=f"{key}-done")
    tickets.callback_ok(public_id=name, score=5, by=caller, key=f"{key}-ok")
    people.set_duty(on_duty=False, by=hands, key=f"{key}-off")


def write_duty(cast: Cast) -> int:
    """Everybody's working days since last month began: ten hours, Sundays off."""
    return past.write_duty(_shifts(cast))


def _shifts(cast: Cast) -> Iterator[past.Span]:
    day, today = last_month(), clock.now().astimezone(BUSINESS_ZONE)
    while day.date() < today.date():
        if day.weekday() < 6:
            start = day + timedelta(hours=SHIFT[0])
            for crew in cast.technicians.values():
                for one in crew:
                    yield one.pk, start, start + timedelta(hours=SHIFT[1])
        day += DAY


def _actor(user_id: int) -> Actor:
    found = people_reads.actor_for_user(user_id)
    assert found is not None
    return found
