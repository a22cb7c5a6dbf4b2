"""CPU and rate of single requests, against the bare calibration of the same run."""

import os
from collections import Counter
from dataclasses import dataclass, field

from tests.bench import calls, servers
from tests.bench.cpu import Meter
from tests.bench.load import Outcome, run
from tests.bench.report import Report
from tests.bench.world import World

BUDGETS = {"signed-in no-op": None, "pool page of 50 of 10,000": 15.0, "grab": 10.0, "open ticket": 20.0}


SLICES = 5


def measure(report: Report, made: World) -> None:
    """Each kind of request in turn with the bare one; the last row is what a grab reaches of the server's ceiling."""
    with servers.bare() as bare, servers.web() as web:
        at = Site(int(os.environ["STEPPE_WEB_PORT"]), made.host, (web.pid, servers.postgres_pid()))
        unit = Site(bare[0], "bare", (bare[1].pid,))
        work = {
            "signed-in no-op": calls.noops(made),
            "pool page of 50 of 10,000": calls.pages(made),
            "grab": calls.grabs(made),
            "open ticket": calls.opens(made),
        }
        rates = {name: one(report, name, at, todo, unit, most=BUDGETS[name]) for name, todo in work.items()}
    report.add("grab rate / no-op rate", rates["grab"] / rates["signed-in no-op"] * 100, "%", least=50)


@dataclass(frozen=True)
class Site:
    """Where to ask, and whose CPU to count."""

    port: int
    host: str
    processes: tuple[int, ...]


@dataclass
class Taken:
    """CPU seconds per process tree, and how the requests went."""

    cpu: list[float]
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(one.latencies) for one in self.outcomes)

    @property
    def rate(self) -> float:
        return self.count / sum(one.seconds for one in self.outcomes)

    def milliseconds(self, process: int) -> float:
        """CPU of one request in this process tree."""
        return self.cpu[process] / self.count * 1000


def one(report: Report, name: str, at: Site, work: calls.Work, unit: Site, *, most: float | None) -> float:
    """In slices, a bare one after each, so that a busy neighbour burdens both alike. The first slice warms up."""
    taken, bare = Taken([0.0] * len(at.processes)), Taken([0.0])
    for number in range(SLICES + 1):
        part, calibration = _slice(work, number), _slice(calls.bares(), number)
        if number == 0:
            run(at.port, at.host, part)
            run(unit.port, unit.host, calibration)
            continue
        _take(at, part, taken)
        _take(unit, calibration, bare)
    return _rows(report, name, taken, bare, most)


def _slice(work: calls.Work, number: int) -> calls.Work:
    """The first is a quarter of the others."""
    edges = [0, *(int(len(work[0]) * (0.25 + each) / (SLICES + 0.25)) for each in range(SLICES + 1))]
    return [part[edges[number] : edges[number + 1]] for part in work]


def _take(at: Site, work: calls.Work, into: Taken) -> None:
    meters = [Meter.of(pid) for pid in at.processes]
    into.outcomes.append(run(at.port, at.host, work))
    into.cpu = [spent + meter.seconds() for spent, meter in zip(into.cpu, meters, strict=True)]


def _rows(report: Report, name: str, taken: Taken, bare: Taken, most: float | None) -> float:
    unit = bare.milliseconds(0)
    in_web, in_database = taken.milliseconds(0) / unit, taken.milliseconds(1) / unit
    report.add(f"{name}: CPU, times bare", in_web + in_database, "x", most=most)
    report.add(f"{name}: of that the web process", in_web, "x")
    report.add(f"{name}: of that the database", in_database, "x")
    report.add(f"{name}: the bare request beside it", unit, "ms")
    report.add(f"{name}: rate", taken.rate, "1/s")
    report.add(f"{name}: p99", max(one.quantile(0.99) for one in taken.outcomes) * 1000, "ms")
    wrong = sum((Counter(one.wrong) for one in taken.outcomes), Counter())
    if wrong:
        report.add(f"{name}: wrong answers {dict(wrong)}", wrong.total(), "", most=0)
    return taken.rate
