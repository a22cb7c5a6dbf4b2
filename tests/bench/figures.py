"""Headquarters' figures: an overview over 300 branches and three years against the bare sum, and how fast events and
tickets become figures against the bare upsert.

The days are written straight into DailyFact: what a report costs depends on how many rows there are, not on how they
came about. The tickets are real ones, counted as the worker does it.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.db import connection, transaction

from apps.headquarters import reports_read
from apps.headquarters.models import DailyFact, DirtyTicket, TicketFact
from apps.headquarters.reports_read import Asked
from apps.headquarters.rules.measures import DAILY
from apps.headquarters.services import apply_event, converge, rebuild_facts
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import EventRecord
from tenants.context import in_branch, in_public
from tenants.models import Status, Tenant
from tests.bench import many, world
from tests.bench.report import Report
from tests.bench.sizes import BRANCHES, COUNTED, MARKED

DAYS, PLACES = 3 * 365, 4  # a row for each day and place: type, grid, class, department
ROUNDS = 7
LAST = date(2026, 10, 31)
KPIS = (
    "ticket_volume",
    "grab_rate",
    "avg_accept_minutes",
    "on_time_rate",
    "overdue_rate",
    "first_time_fix_rate",
    "csat",
)
MEASURES = tuple(dict.fromkeys(name for code in KPIS for name in reports_read.KPIS[code].measures))
SUMS = ", ".join(f"sum({name})" for name in MEASURES)
COLUMNS = {"branch": "branch_id", "month": "date_trunc('month', day)"}
BARE = {
    name: f"SELECT {column}, {SUMS} FROM headquarters_dailyfact WHERE day BETWEEN %s AND %s GROUP BY 1"
    for name, column in COLUMNS.items()
}
FILL = f"""
INSERT INTO headquarters_dailyfact (branch_id, day, type_code, grid, area_class, department, {", ".join(DAILY)})
SELECT b.id, %(last)s::date - d, 'type' || p %% 3, 'grid' || p, substr('ABCD', p %% 4 + 1, 1), '',
       {", ".join(f"(b.id + d * {n + 3} + p) %% 40" for n in range(len(DAILY)))}
  FROM tenants_tenant AS b, generate_series(0, %(days)s - 1) AS d, generate_series(1, %(places)s) AS p
 WHERE b.schema_name <> 'public'
"""
ONE = "INSERT INTO bench_bare AS b (day, n) VALUES (%s, 1) ON CONFLICT (day) DO UPDATE SET n = b.n + 1"


def measure(report: Report, _made: object = None) -> None:
    """A branch with tickets to count; then all the others, of which only the days are there."""
    made = world.build("facts", pooled=0)
    with in_branch(made.tenant):
        many.fill(max(COUNTED, 2 * many.SEEDS))
    _counted(report, made.tenant)
    _marked(report, made.tenant)
    with in_public():
        _branches()
        _reports(report)


def _counted(report: Report, branch: Tenant) -> None:
    """All tickets for the first time, then again when each is marked though nothing has changed."""
    took = _timed(lambda: rebuild_facts(branch))
    tickets = TicketFact.objects.filter(branch=branch.pk).count()
    report.add(f"{tickets:,} tickets counted from nothing: rate", tickets / took, "1/s")
    names = list(TicketFact.objects.filter(branch=branch.pk).values_list("ticket", flat=True)[:COUNTED])
    for label, change in (("marked, unchanged", False), ("marked, each another sum", True)):
        if change:
            TicketFact.objects.filter(branch=branch.pk).update(area_class="D", measures={"created": 1})
        DirtyTicket.objects.bulk_create(
            DirtyTicket(branch_id=branch.pk, ticket=name, since=clock.now()) for name in names
        )
        took = _timed(lambda: _all(branch))
        report.add(f"{len(names):,} tickets {label}: rate", len(names) / took, "1/s")


def _all(branch: Tenant) -> None:
    while converge(branch):
        continue


def _marked(report: Report, branch: Tenant) -> None:
    """One event after the other, each in its own transaction, against the barest thing that could count it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (day date PRIMARY KEY, n bigint NOT NULL)")
    records = [
        EventRecord(
            seq=n, kind="ticket.opened", entity="ticket", entity_id=n, public_id=f"bench-{n % 5000}", version=1,
            facts={"before": "", "after": "pooled", "day": "2026-10-31"}, occurred_at=clock.now(),
        )
        for n in range(1, MARKED + 1)
    ]  # fmt: skip
    events = _timed(lambda: [apply_event(branch_id=branch.pk, epoch="bench", record=one) for one in records])
    bare = _timed(lambda: [_bare_upsert() for _ in records])
    report.add("events counted and marked: rate", MARKED / events, "1/s")
    report.add("bare upsert: rate", MARKED / bare, "1/s")
    report.add("an event / a bare upsert", events / bare, "x")
    DirtyTicket.objects.filter(branch=branch.pk).delete()


def _bare_upsert() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE, ["2026-10-31"])


def _branches() -> None:
    Tenant.objects.bulk_create(
        Tenant(schema_name=f"t_bench{n:06}", code=f"B{n}", slug=f"b{n}", name=f"{n} 分公司", status=Status.ACTIVE)
        for n in range(BRANCHES - 1)
    )
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("DELETE FROM headquarters_dailyfact")
        cursor.execute(FILL, {"last": LAST, "days": DAYS, "places": PLACES})
        cursor.execute("VACUUM ANALYZE headquarters_dailyfact")
        cursor.execute("RESET statement_timeout")
    rows = DailyFact.objects.count()
    print(f"# {rows:,} days of {BRANCHES} branches: {time.perf_counter() - began:.0f} s", flush=True)


def _reports(report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # what other processes do is not counted below
    month = Asked(first=LAST.replace(day=1), last=LAST)
    years = Asked(first=LAST - timedelta(days=DAYS - 1), last=LAST)
    for name, asked, dimension in (
        ("300 branches, a month, by branch", month, "branch"),
        ("300 branches, three years, by month", years, "month"),
    ):  # fmt: skip
        ours = _cpu(partial(reports_read.by, SYSTEM, asked, dimension, KPIS))
        bare = _cpu(partial(_bare, asked, dimension))
        report.add(f"{name}: {len(KPIS)} KPIs", ours * 1000, "ms CPU")
        report.add(f"{name}: the bare sum", bare * 1000, "ms CPU")
        report.add(f"{name}: ours / bare", ours / bare, "x", most=2.0)
    compared = _cpu(partial(reports_read.compared, SYSTEM, month, KPIS))
    report.add("a month with the one before and a year ago", compared * 1000, "ms CPU")


def _bare(asked: Asked, dimension: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE[dimension], [asked.first, asked.last])
        cursor.fetchall()


def _cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one time, this process's and the database's own: a busy neighbour does not count."""
    work()
    return statistics.median(_spent(work) for _ in range(ROUNDS))


def _spent(work: Callable[[], object]) -> float:
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    own, theirs = time.process_time_ns(), int(database.read_text().split()[0])
    work()
    return (time.process_time_ns() - own + int(database.read_text().split()[0]) - theirs) / 1e9


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
