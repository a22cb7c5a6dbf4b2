"""A small closed-loop load: some clients, each with a kept connection, in processes of their own."""

import http.client
import json
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One request; `expect` are the statuses that count as good."""

    path: str
    method: str = "GET"
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    expect: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Outcome:
    """What a run of calls gave; latencies in seconds, ascending."""

    seconds: float
    latencies: list[float]
    wrong: dict[int, int]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))]


def run(port: int, host: str, calls: Sequence[Sequence[Call]]) -> Outcome:
    """Each inner sequence is one client's work, done one after the other."""
    with multiprocessing.get_context("fork").Pool(len(calls)) as pool:
        began = time.perf_counter()
        parts = pool.starmap(_client, [(port, host, list(work)) for work in calls])
        seconds = time.perf_counter() - began
    wrong: dict[int, int] = {}
    for _, bad in parts:
        for status, count in bad.items():
            wrong[status] = wrong.get(status, 0) + count
    return Outcome(seconds, sorted(value for times, _ in parts for value in times), wrong)


def _client(port: int, host: str, work: list[Call]) -> tuple[list[float], dict[int, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times: list[float] = []
    wrong: dict[int, int] = {}
    for call in work:
        body = json.dumps(call.body).encode() if call.body is not None else None
        headers = {"Host": host, "Content-Type": "application/json", "Accept": "application/json", **call.headers}
        began = time.perf_counter()
        connection.request(call.method, call.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status not in call.expect:
            wrong[answer.status] = wrong.get(answer.status, 0) + 1
    connection.close()
    return times, wrong
