"""工单查询 in a branch with 100,000 tickets: the page over HTTP, and each filter by itself."""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import connection

from apps.people.accounts.models import User
from apps.people.selectors import actor_for_user
from apps.tickets import search
from apps.tickets.models import Ticket
from apps.tickets.wanted import read_query
from tenants.context import in_branch
from tests.bench import calls, many, servers, world
from tests.bench.load import Call
from tests.bench.over_http import Site, one
from tests.bench.report import Report
from tests.bench.sizes import CLIENTS, PAGES, SEARCHED

ROUNDS = 10
# Over HTTP: the list as the API gives it, and the page with the numbers of its tabs, kept searches and choices.
PAGE, LIST = "/console/search/?", "/api/v1/tickets?"
OVER_HTTP = {
    "search, list of 50 of 100,000": (LIST, "tab=closed", 15.0),
    "search, list by type, grid, 30 days": (LIST, "type=fault_bb&grid=g2&days=30", 15.0),
    "search, list by a phone": (LIST, "text={phone}", 15.0),
    "search, the whole page": (PAGE, "", 15.0),
    "search, the whole page by a name": (PAGE, "text=王芳", 15.0),
}


def measure(report: Report, _made: object = None) -> None:
    """A branch of its own, so that the pool of the others is as it was."""
    made = world.build("search", pooled=0)
    began = time.perf_counter()
    with in_branch(made.tenant):
        many.fill(SEARCHED)
    print(f"# a branch with {SEARCHED:,} tickets of a year: {time.perf_counter() - began:.1f} s", flush=True)
    with in_branch(made.tenant):
        phone = _inside(report)
    _over_http(report, made, phone)


def _over_http(report: Report, made: world.World, phone: str) -> None:
    with servers.bare() as bare, servers.web() as web:
        at = Site(int(os.environ["STEPPE_WEB_PORT"]), made.host, (web.pid, servers.postgres_pid()))
        unit = Site(bare[0], "bare", (bare[1].pid,))
        for name, (address, query, most) in OVER_HTTP.items():
            path = address + _quoted(query.format(phone=phone))
            one(report, name, at, _asking(path, made), unit, most=most)


def _quoted(query: str) -> str:
    return urlencode(parse_qsl(query))


def _asking(path: str, made: world.World) -> calls.Work:
    return [[Call(path, headers=made.desk)] * (PAGES // CLIENTS) for _ in range(CLIENTS)]


def _inside(report: Report) -> str:
    """Each filter by itself: the list, and the numbers of its tabs. Returns a phone that one ticket has."""
    desk = actor_for_user(User.objects.get(username="desk").pk)
    assert desk is not None
    some = Ticket.objects.filter(status="closed").latest("id")
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # what other processes do is not counted below
    for name, query in _queries(some).items():
        wanted = read_query(query)
        _spent(report, f"search by {name}: list", partial(search.found, desk, wanted))
        _spent(report, f"search by {name}: numbers", partial(search.counts, desk, wanted))
    return some.contact_phone


def _queries(some: Ticket) -> dict[str, str]:
    phone, month = some.contact_phone, "days=30"
    return {
        "nothing": "", "tab": "tab=closed", "tab, least time left": "tab=overdue&sort=due",
        "tab, ended last": "tab=closed&sort=ended", "type": "type=fault_bb", "grid": "grid=g1", "sub-branch": "grid=v",
        "department": "department=d-工程部", "technician": f"technician_id={some.technician_id}",
        "overdue now": "overdue=now", "overdue once": "overdue=ever", "channel": "channel=shop",
        "channel of none": "channel=noc", "priority": "priority=1", "last 30 days": month,
        "closed in the last 30 days": f"period=closed&{month}",
        "all at once": f"type=fault_bb&grid=g2&overdue=ever&priority=2&tab=closed&{month}",
        "phone": f"text={phone}", "end of a phone": f"text={phone[-4:]}", "number": f"text={some.ticket_no}",
        "account": f"text={some.account_no}", "name": "text=王芳", "one letter": "text=王", "estate": "text=新华小区",
        "estate, ended last": "text=新华小区&tab=closed&sort=ended", "door": "text=新华小区 602",
        "three digits": "text=302", "town": "text=锡林浩特", "word of none": "text=nowhere",
    }  # fmt: skip


def _spent(report: Report, name: str, work: Callable[[], object]) -> None:
    """CPU of one time, in this process and in the database's own, and how many statements it takes."""
    asked = _statements(work)
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    own, theirs = time.process_time_ns(), _nanoseconds(database)
    for _ in range(ROUNDS):
        work()
    own, theirs = time.process_time_ns() - own, _nanoseconds(database) - theirs
    report.add(f"{name} ({asked} queries)", (own + theirs) / ROUNDS / 1e6, "ms CPU")
    report.add(f"{name}: of that the database", theirs / ROUNDS / 1e6, "ms CPU")


def _nanoseconds(schedstat: Path) -> int:
    return int(schedstat.read_text().split()[0])


def _statements(work: Callable[[], object]) -> int:
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return len([sql for sql in asked if "search_path" not in sql])
