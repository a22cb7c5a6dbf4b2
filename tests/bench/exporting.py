"""Exports of 100,000 tickets: csv against COPY of the same rows, and how much memory each format needs for them.

Each format is written in a process of its own: first a short period, which loads whatever the format stands on, then
the long one; what the process has grown by in between is what the rows cost. PDF has as many as it takes.
"""

import json
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import connection
from django.db.models import Max, Min

from apps.exports.sources.tickets import COLUMNS
from apps.tickets.models import Ticket
from steppe.kernel import clock
from tenants.context import in_branch
from tests.bench import many, world
from tests.bench.report import Report
from tests.bench.sizes import SEARCHED

ROUNDS = 3
PAPER_ROWS = 19_000
NARROW = ("ticket_no", "type", "status", "address", "technician", "reported_at", "closed_at", "charges_fen")
USUAL = tuple(one.code for one in COLUMNS if one.usual)
FORMS = {"csv": USUAL, "xlsx": USUAL, "jsonl": USUAL, "parquet": USUAL, "pdf": NARROW}
MOST_GROWTH = 100  # MB
# The same columns as USUAL, in words where the export has words; states and channels stay codes.
_COPY = """
COPY (SELECT t.ticket_no, k.name_zh, t.status, t.priority, t.channel, t.description, t.address, g.name, u.name,
             t.reported_at, t.accepted_at, t.finished_at, t.closed_at, t.was_overdue::int, t.solution, t.close_code,
             t.satisfaction, coalesce(c.sum, 0) / 100.0
        FROM tickets_ticket t JOIN tickets_tickettype k ON k.id = t.type_id
        LEFT JOIN people_orgunit g ON g.id = t.grid_id
        LEFT JOIN people_technician w ON w.id = t.technician_id LEFT JOIN accounts_user u ON u.id = w.user_id
        LEFT JOIN (SELECT ticket_id, sum(amount_fen) FROM tickets_charge WHERE NOT waived GROUP BY ticket_id) c
               ON c.ticket_id = t.id
       ORDER BY t.reported_at, t.id) TO STDOUT WITH (FORMAT csv, HEADER)
"""
_WRITE = """
import json, sys, time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
import django; django.setup()
from apps.exports.columns import Span
from apps.exports.sources.tickets import TICKETS
from apps.exports.services.making import pages_of, sheet_of
from apps.exports.writers import FORMS
from steppe.kernel.actors import SYSTEM
from tenants.context import branch_by_schema, in_branch

def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024

def write(first, last):
    span = Span(date.fromisoformat(first), date.fromisoformat(last), "reported")
    with TemporaryDirectory() as folder:
        columns = TICKETS.chosen(told["columns"])
        path = Path(folder, "file")
        rows, began, form = 0, time.perf_counter(), FORMS[told["form"]]
        writer = form.writer(path, sheet_of("工单记录", columns, span))
        for page in pages_of(TICKETS, form, SYSTEM, span, columns):
            writer.page(page)
            rows += len(page[0])
        writer.close()
        return rows, time.perf_counter() - began, path.stat().st_size

told = json.loads(sys.argv[1])
with in_branch(branch_by_schema(told["schema"])):
    write(*told["short"])
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    before = memory("VmRSS")
    rows, seconds, size = write(*told["long"])
    print(json.dumps([rows, seconds, size, memory("VmHWM") - before]))
"""


def measure(report: Report, _made: object = None) -> None:
    """A branch of its own."""
    made = world.build("exports", pooled=0)
    with in_branch(made.tenant):
        many.fill(SEARCHED)
        found = Ticket.objects.aggregate(first=Min("reported_at"), last=Max("reported_at"))
        first, last = _day(found["first"]), _day(found["last"])
        plain = min(_copied() for _ in range(ROUNDS))
        report.add(f"COPY of {SEARCHED:,} tickets: time", plain, "s")
        short, paper = (first, first), (first, _until(PAPER_ROWS))
    for form, columns in FORMS.items():
        told = {"form": form, "columns": columns, "schema": made.tenant.schema_name, "short": short}
        _one(report, told, paper if form == "pdf" else (first, last), plain)


def _one(report: Report, told: dict[str, object], long: tuple[date, date], plain: float) -> None:
    said = json.dumps(told | {"long": long}, default=str)
    rounds = ROUNDS if told["form"] == "csv" else 1
    found = [json.loads(_run(said)) for _ in range(rounds)]
    rows, seconds, size, growth = min(found, key=lambda one: one[1])
    name = f"export of {rows:,} tickets as {told['form']}"
    report.add(f"{name}: time", seconds, "s")
    report.add(f"{name}: size", size / 1e6, "MB")
    report.add(f"{name}: memory grows by", growth, "MB", most=MOST_GROWTH)
    if told["form"] == "csv":
        report.add("export as csv / COPY", seconds / plain, "x", most=4)


def _run(said: str) -> str:
    done = subprocess.run([sys.executable, "-c", _WRITE, said], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def _copied() -> float:
    """Seconds of the COPY into a file."""
    with connection.cursor() as cursor, NamedTemporaryFile() as file:
        cursor.execute("SET statement_timeout = 0")
        began = time.perf_counter()
        with cursor.copy(_COPY) as copy:
            for block in copy:
                file.write(block)
        took = time.perf_counter() - began
        assert Path(file.name).stat().st_size > 0
        return took


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.BUSINESS_ZONE).date()


def _until(rows: int) -> date:
    """The day before that of the ticket with this place in the order."""
    moment = Ticket.objects.order_by("reported_at", "id").values_list("reported_at", flat=True)[rows]
    return _day(moment) - timedelta(days=1)
