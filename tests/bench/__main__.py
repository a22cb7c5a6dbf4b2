"""`make bench`: the budgets of architecture.md §8, as ratios within one run. Takes about three minutes.

CPU is user + system of the web and database processes, per operation; `bare` is measured in the same run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")

from infra.local import ports, probe
from tests.bench import claim, sockets
from tests.bench.cpu import Meter
from tests.bench.load import Call, run
from tests.bench.report import Report

CLIENTS = 8
GRABS = 2000
OPENS = 800
PAGES = 300
NOOPS = 4000
BARES = 8000


def main() -> None:
    """Build the world, start the real servers, measure, print, write build/bench.json."""
    from tests.bench import world

    os.environ["STEPPE_WEB_PORT"] = str(ports.any_free())
    os.environ["STEPPE_REALTIME_PORT"] = str(ports.any_free())
    report = Report()
    with world.fresh_database("steppe_bench"):
        import django

        django.setup()
        began = time.perf_counter()
        made = world.build()
        print(f"# a branch with 10,000 tickets in its pool: {time.perf_counter() - began:.1f} s", flush=True)
        bare = _bare(report)
        with _web() as web:
            _http(report, made, web, bare)
        claim.measure(report)
        sockets.measure(report, made)
    report.write()
    for row in report.over:
        print(f"over budget: {row.name}: {row.value} {row.unit}, wanted {row.budget}")


def _bare(report: Report) -> float:
    """CPU milliseconds of one bare request: the unit of everything else."""
    port = ports.any_free()
    command = ["gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", "tests.bench.bare:application"]
    with _process([sys.executable, "-m", *command], port, "/bare") as server:
        work = [[Call("/bare")] * (BARES // CLIENTS)] * CLIENTS
        run(port, "bare", [part[:100] for part in work])
        meter = Meter.of(server.pid)
        outcome = run(port, "bare", work)
        cost = meter.seconds() / BARES * 1000
    report.add("bare: rate", outcome.rate, "1/s")
    report.add("bare: CPU", cost, "ms")
    return cost


def _http(report: Report, made, web: subprocess.Popen, bare: float) -> None:  # type: ignore[no-untyped-def,type-arg]
    port = int(os.environ["STEPPE_WEB_PORT"])
    database = postgres_pid()
    plans = {
        "signed-in no-op": (_noops(made), None),
        "pool page of 50 of 10,000": (_pages(made), 15.0),
        "grab": (_grabs(made), 10.0),
        "open ticket": (_opens(made), 20.0),
    }
    rates = {}
    for name, (calls, budget) in plans.items():
        warm = [part[: max(2, len(part) // 20)] for part in calls]
        run(port, made.host, warm)
        calls = [part[len(used) :] for part, used in zip(calls, warm, strict=True)]
        meter = Meter.of(web.pid, database)
        outcome = run(port, made.host, calls)
        count = sum(len(part) for part in calls)
        rates[name] = outcome.rate
        report.add(f"{name}: CPU, times bare", meter.seconds() / count * 1000 / bare, "x", most=budget)
        report.add(f"{name}: rate", outcome.rate, "1/s")
        report.add(f"{name}: p99", outcome.quantile(0.99) * 1000, "ms")
        if outcome.wrong:
            report.add(f"{name}: wrong answers {outcome.wrong}", sum(outcome.wrong.values()), "", most=0)
    report.add("grab rate / no-op rate", rates["grab"] / rates["signed-in no-op"] * 100, "%", least=50)


def _noops(made) -> list[list[Call]]:  # type: ignore[no-untyped-def]
    return [[Call("/api/v1/me", headers=made.technicians[n])] * (NOOPS // CLIENTS) for n in range(CLIENTS)]


def _pages(made) -> list[list[Call]]:  # type: ignore[no-untyped-def]
    return [[Call("/api/v1/tickets?tab=pooled", headers=made.desk)] * (PAGES // CLIENTS) for _ in range(CLIENTS)]


def _grabs(made) -> list[list[Call]]:  # type: ignore[no-untyped-def]
    """Every client grabs other tickets, each time as another technician: what a branch does all day."""
    calls: list[list[Call]] = [[] for _ in range(CLIENTS)]
    for number, public_id in enumerate(made.pool[:GRABS]):
        who = made.technicians[number % len(made.technicians)]
        headers = {**who, "Idempotency-Key": f"grab-{number}"}
        calls[number % CLIENTS].append(Call(f"/api/v1/tickets/{public_id}/grab", "POST", {}, headers))
    return calls


def _opens(made) -> list[list[Call]]:  # type: ignore[no-untyped-def]
    calls: list[list[Call]] = [[] for _ in range(CLIENTS)]
    for number in range(OPENS):
        body = {
            "type_code": "fault_bb", "contact_phone": f"126{number:08d}", "contact_name": "王芳", "channel": "shop",
            "address": f"锡林浩特市新华小区 {number}", "lat": 43.93, "lng": 116.1, "description": "LOS 红灯",
        }  # fmt: skip
        headers = {**made.desk, "Idempotency-Key": f"open-{number}"}
        calls[number % CLIENTS].append(Call("/api/v1/tickets", "POST", body, headers, expect=(200, 201)))
    return calls


@contextmanager
def _web() -> Iterator[subprocess.Popen]:  # type: ignore[type-arg]
    port = os.environ["STEPPE_WEB_PORT"]
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    command += ["--blocking-threads", "4", "--log-level", "warning", "steppe.boot.wsgi:application"]
    with _process([sys.executable, "-m", *command], int(port), "/livez") as server:
        yield server


@contextmanager
def _process(command: Sequence[str], port: int, page: str) -> Iterator[subprocess.Popen]:  # type: ignore[type-arg]
    server = subprocess.Popen(command)
    try:
        assert probe.wait_for(lambda: probe.page_answers(port, "localhost", page), seconds=30), command
        yield server
    finally:
        server.terminate()
        server.wait(timeout=15)


def postgres_pid() -> int:
    """The server's first process, asked of the server itself."""
    from pathlib import Path

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


if __name__ == "__main__":
    main()
