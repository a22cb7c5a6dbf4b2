"""From commit to screen: 500 sockets of one branch's dispatchers, commits one after the other."""

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import websockets

from infra.local import probe
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import backlog, stream
from steppe.kernel.journal.models import SubscriberCursor
from tenants.context import in_branch
from tests.bench import servers, sizes
from tests.bench.cpu import Meter
from tests.bench.report import Report
from tests.bench.world import World

AT_ONCE = 25  # handshakes
PATIENCE = 5.0  # seconds after the last commit; a hint that has not come by then is missed


def measure(report: Report, made: World) -> None:
    """Start realtime and relay for real, open the sockets, commit, and wait until every screen has heard."""
    _hand_over(made)
    with servers.realtime() as realtime, servers.relay() as relay:
        if not probe.wait_for(lambda: _is_settled(made), seconds=30):
            raise SystemExit("the relay did not come to an end with what was left")
        heard = asyncio.run(_listen(made, realtime.pid, relay.pid))
    found, name = sorted(heard.latencies()), f"commit to screen, {sizes.SOCKETS} sockets"
    report.add(f"{name}: p50", found[len(found) // 2] * 1000, "ms")
    report.add(f"{name}: p99", found[int(len(found) * 0.99)] * 1000, "ms", most=150)
    report.add(f"{name}: slowest", found[-1] * 1000, "ms")
    report.add(
        "commit to screen: CPU of the realtime process per hint and screen", heard.cpu[0] / len(heard.at) * 1e3, "ms"
    )
    report.add("commit to screen: CPU of the relay per event", heard.cpu[1] / len(heard.committed) * 1e3, "ms")
    report.add("commit to screen: hints missed", len(heard.committed) * sizes.SOCKETS - len(heard.at), "", most=0)
    report.add("commit to screen: hints heard twice", heard.twice, "", most=0)


def _hand_over(made: World) -> None:
    """What has happened so far counts as told: a quiet afternoon is measured, not the morning after an import."""
    with in_branch(made.tenant):
        while stream.number_committed()[1]:
            pass
        for name in SUBSCRIBERS:
            SubscriberCursor.objects.update_or_create(subscriber=name, defaults={"seq": stream.head().seq})


def _is_settled(made: World) -> bool:
    with in_branch(made.tenant):
        found = backlog.look()
    return not (found.unnumbered or found.undrained)


@dataclass
class Heard:
    """When each socket heard of each ticket, and when that was committed."""

    committed: dict[str, float] = field(default_factory=dict)
    at: dict[tuple[int, str], float] = field(default_factory=dict)
    twice: int = 0
    cpu: list[float] = field(default_factory=list)

    def note(self, socket: int, public_id: str) -> None:
        self.twice += (socket, public_id) in self.at
        self.at.setdefault((socket, public_id), time.monotonic())

    def latencies(self) -> list[float]:
        return [at - self.committed[name] for (_, name), at in self.at.items() if name in self.committed] or [9.9]


async def _listen(made: World, *processes: int) -> Heard:
    """Open all, read all, let another process commit."""
    heard, links = Heard(), []
    for start in range(0, sizes.SOCKETS, AT_ONCE):
        links += await asyncio.gather(*[_dial(made) for _ in range(start, min(sizes.SOCKETS, start + AT_ONCE))])
    readers = [asyncio.create_task(_read(number, link, heard)) for number, link in enumerate(links)]
    meters = [Meter.of(pid) for pid in processes]
    heard.committed = await _commit(made)
    await asyncio.sleep(PATIENCE)
    heard.cpu = [meter.seconds() for meter in meters]
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*[link.close() for link in links], return_exceptions=True)
    return heard


async def _dial(made: World) -> Any:
    port, host = os.environ["STEPPE_REALTIME_PORT"], made.host.rsplit(":", 1)[0]
    return await websockets.connect(
        f"ws://{host}:{port}/ws/live", host="127.0.0.1", origin=f"http://{made.host}", open_timeout=60,
        additional_headers={"Cookie": made.desk["Cookie"]}, compression=None,
    )  # type: ignore[call-arg]  # fmt: skip


async def _read(number: int, link: Any, heard: Heard) -> None:
    async for text in link:
        frame = json.loads(text)
        if frame.get("x") == "ticket.grabbed":
            heard.note(number, frame["i"])


async def _commit(made: World) -> dict[str, float]:
    command = ["-m", "tests.bench.committer", made.tenant.slug, str(sizes.COMMITS)]
    child = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    said, _ = await child.communicate()
    found: dict[str, float] = json.loads(said)
    return found
