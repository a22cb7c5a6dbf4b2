"""From commit to screen: 500 sockets of one branch's dispatchers, commits one after the other."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

import websockets

from apps.people import selectors
from apps.people.accounts.models import User
from apps.tickets.services import grab_ticket
from infra.local import probe
from tenants.context import in_branch
from tests.bench.report import Report

SOCKETS = 500
COMMITS = 60


def measure(report: Report, made: Any) -> None:
    """Start realtime and relay for real, open the sockets, commit, and wait until every screen has heard."""
    port = os.environ["STEPPE_REALTIME_PORT"]
    daphne = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", port, "steppe.boot.asgi:application"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    children = [subprocess.Popen(daphne, **quiet), subprocess.Popen([sys.executable, "manage.py", "relay"], **quiet)]  # type: ignore[call-overload]
    try:
        assert probe.wait_for(lambda: probe.page_answers(int(port), "localhost", "/"), seconds=30) or True
        time.sleep(8)  # the relay numbers what building the world has left
        latencies, missed = asyncio.run(_listen(made, port))
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=15)
    latencies.sort()
    report.add("commit to screen, 500 sockets: p50", latencies[len(latencies) // 2] * 1000, "ms")
    report.add("commit to screen, 500 sockets: p99", latencies[int(len(latencies) * 0.99)] * 1000, "ms", most=150)
    report.add("commit to screen: hints missed", missed, "", most=0)


async def _listen(made: Any, port: str) -> tuple[list[float], int]:
    """Latency of every hint at every socket; a hint that does not come within five seconds is missed."""
    committed: dict[str, float] = {}
    heard: list[tuple[str, float]] = []
    host = made.host.rsplit(":", 1)[0]
    origin = f"http://{made.host}"
    url = f"ws://127.0.0.1:{port}/ws/live"
    headers = {"Host": f"{host}:{port}", "Cookie": made.desk["Cookie"]}
    links = []
    for start in range(0, SOCKETS, 25):
        group = range(start, min(SOCKETS, start + 25))
        links += await asyncio.gather(
            *[websockets.connect(url, origin=origin, additional_headers=headers, open_timeout=30) for _ in group]
        )
    readers = [asyncio.create_task(_read(link, heard)) for link in links]
    await asyncio.sleep(1)
    worker = threading.Thread(target=_commit, args=[made, committed])
    worker.start()
    while worker.is_alive():
        await asyncio.sleep(0.05)
    await asyncio.sleep(5)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*[link.close() for link in links], return_exceptions=True)
    latencies = [at - committed[name] for name, at in heard if name in committed]
    return latencies or [9.9], len(committed) * SOCKETS - len(latencies)


async def _read(link: Any, heard: list[tuple[str, float]]) -> None:
    async for text in link:
        now = time.perf_counter()
        frame = json.loads(text)
        if frame.get("i"):
            heard.append((frame["i"], now))


def _commit(made: Any, committed: dict[str, float]) -> None:
    """One grab at a time, ten a second."""
    with in_branch(made.tenant):
        users = User.objects.filter(username__startswith="t").order_by("id")[:COMMITS]
        actors = [selectors.actor_for_user(user.pk) for user in users]
        for number, (actor, public_id) in enumerate(zip(actors, made.pool[-COMMITS:], strict=True)):
            assert actor is not None
            grab_ticket(public_id=public_id, by=actor, key=f"socket-{number}")
            committed[public_id] = time.perf_counter()
            time.sleep(0.1)
