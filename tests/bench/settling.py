"""A month of 20,000 tickets calculated: how many a second, whether memory grows, and against a bare sum of its rows.

The first run books every ticket (nobody's relay had), the second finds them all booked: that is what a month costs
where the ledger has followed its tickets, and what it costs to calculate it again.
"""

import resource
import time
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from apps.costing.models import SettlementLine, SettlementRun, WorkPointEntry
from apps.costing.rules.periods import bounds, period_of, preceding
from apps.costing.services import calculating, settlement
from apps.people import roles
from apps.people import services as people
from apps.people.models import OrgUnit, Technician
from apps.people.selectors import actor_for_user
from apps.tickets.models import TicketType
from apps.tickets.past import Past, write_past
from apps.tickets.rules.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.bench import world
from tests.bench.report import Report
from tests.bench.sizes import SETTLED

AT_ONCE = 2000
SUM = """
SELECT technician_id, kind, sum(points), count(DISTINCT ticket) FROM costing_workpointentry
 WHERE period = %s AND stage = 'earned' GROUP BY technician_id, kind
"""


def measure(report: Report, _made: object = None) -> None:
    """A branch of its own, its last month full of closed tickets."""
    made = world.build("settle", pooled=0)
    with in_branch(made.tenant):
        month = preceding(period_of(clock.now()))
        began = time.perf_counter()
        _month_of_tickets(bounds(month)[0])
        print(f"# {SETTLED:,} closed tickets: {time.perf_counter() - began:.1f} s", flush=True)
        keeper = _accountant()
        settlement.set_month_terms(month=month, mode="fixed", unit_price=Decimal(350), by=keeper, key="price")
        _calculated(report, keeper, month)


def _accountant() -> Actor:
    root = OrgUnit.objects.get(kind="branch")
    user = people.add_user(username="accountant", name="核算", encoded="!", grants=[(roles.ACCOUNTANT, root.path)])
    found = actor_for_user(user.pk)
    assert found is not None
    return found


def _month_of_tickets(first: datetime) -> None:
    """All month long, to all technicians in turn, closed in time."""
    kind, grid = TicketType.objects.get(code="fault_bb"), OrgUnit.objects.get(kind="grid")
    crew = list(Technician.objects.order_by("id").values_list("pk", flat=True))
    actors = dict.fromkeys(("desk", "dispatcher", "callback", "technician"), ("staff:1", "张敏"))
    step = timedelta(days=27) / SETTLED
    for start in range(0, SETTLED, AT_ONCE):
        write_past(
            Past(
                state=State.CLOSED, type=kind, grid=grid, reported_at=first + n * step, steps=(0, 10, 40, 60, 120),
                address=f"新华小区 {n}", coarse="杭盖网格 · 新华小区", phone="12600000001", lat=43.93, lng=116.09,
                actors=actors, technician_id=crew[n % len(crew)], score=5,
            )
            for n in range(start, min(start + AT_ONCE, SETTLED))
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _calculated(report: Report, keeper: Actor, month: str) -> None:
    warm = _memory()
    first = _run(keeper, month, "first")
    grown = _memory() - warm
    again = _run(keeper, month, "again")
    assert WorkPointEntry.objects.filter(period=month, stage="earned", kind="earn").count() == SETTLED
    assert sum(SettlementLine.objects.values_list("tickets", flat=True)) == SETTLED
    bare = min(_bare(month) for _ in range(5))
    report.add(f"{SETTLED:,} tickets booked and settled: time", first, "s")
    report.add("tickets booked and settled: rate", SETTLED / first, "1/s")
    report.add("a month calculated again: time", again, "s")
    report.add("a month calculated again: rate", SETTLED / again, "1/s")
    report.add("memory grown by the first run", grown, "MB", most=200)
    report.add("bare SQL sum of the month's entries", bare * 1000, "ms")
    report.add("calculated again, a ticket / bare sum, a ticket", again / bare, "x")


def _run(keeper: Actor, month: str, key: str) -> float:
    """As a worker does it: slice after slice until it is done."""
    began = time.perf_counter()
    run = calculating.start_calculation(month=month, by=keeper, key=key).public_id
    while (state := calculating.work_on(run)) == "waiting":
        done = SettlementRun.objects.get(public_id=run).done
        print(f"#   {done:,} tickets: {time.perf_counter() - began:.0f} s, {_memory():.0f} MB", flush=True)
    assert state == "done", state
    return time.perf_counter() - began


def _bare(month: str) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(SUM, [month])
        cursor.fetchall()
    return time.perf_counter() - began


def _memory() -> float:
    """The most this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
