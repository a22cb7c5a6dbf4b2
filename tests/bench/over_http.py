"""CPU and rate of single requests, against the bare calibration of the same run."""

import os

from tests.bench import calls, servers, sizes
from tests.bench.cpu import Meter
from tests.bench.load import run
from tests.bench.report import Report
from tests.bench.world import World

BUDGETS = {"signed-in no-op": None, "pool page of 50 of 10,000": 15.0, "grab": 10.0, "open ticket": 20.0}


def measure(report: Report, made: World) -> None:
    """Bare first, then the product; the last row is what a grab reaches of the server's own ceiling."""
    bare = _bare(report)
    with servers.web() as web:
        roots = (web.pid, servers.postgres_pid())
        work = {
            "signed-in no-op": calls.noops(made),
            "pool page of 50 of 10,000": calls.pages(made),
            "grab": calls.grabs(made),
            "open ticket": calls.opens(made),
        }
        rates = {name: _one(report, made.host, name, todo, roots, bare) for name, todo in work.items()}
    report.add("grab rate / no-op rate", rates["grab"] / rates["signed-in no-op"] * 100, "%", least=50)


def _bare(report: Report) -> float:
    """CPU milliseconds of one bare request: the unit of everything else."""
    with servers.bare() as (port, server):
        work = calls.bares()
        run(port, "bare", [part[:100] for part in work])
        meter = Meter.of(server.pid)
        outcome = run(port, "bare", work)
        cost = meter.seconds() / sizes.BARES * 1000
    report.add("bare: rate", outcome.rate, "1/s")
    report.add("bare: CPU", cost, "ms")
    return cost


def _one(report: Report, host: str, name: str, work: calls.Work, roots: tuple[int, int], bare: float) -> float:
    """A twentieth to warm up, then the rest under the meters; returns the rate."""
    port = int(os.environ["STEPPE_WEB_PORT"])
    warm = [part[: max(2, len(part) // 20)] for part in work]
    run(port, host, warm)
    todo = [part[len(used) :] for part, used in zip(work, warm, strict=True)]
    web, database = Meter.of(roots[0]), Meter.of(roots[1])
    outcome = run(port, host, todo)
    count = sum(len(part) for part in todo)
    in_web, in_database = (meter.seconds() / count * 1000 / bare for meter in (web, database))
    report.add(f"{name}: CPU, times bare", in_web + in_database, "x", most=BUDGETS[name])
    report.add(f"{name}: of that the web process", in_web, "x")
    report.add(f"{name}: of that the database", in_database, "x")
    report.add(f"{name}: rate", outcome.rate, "1/s")
    report.add(f"{name}: p99", outcome.quantile(0.99) * 1000, "ms")
    if outcome.wrong:
        report.add(f"{name}: wrong answers {outcome.wrong}", sum(outcome.wrong.values()), "", most=0)
    return outcome.rate
