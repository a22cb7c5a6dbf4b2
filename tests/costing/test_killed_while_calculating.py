"""kill -9 in the middle of a calculation: real processes die at random moments, whoever goes on gets the same lines."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from apps.costing.models import SettlementRun, WorkPointEntry
from apps.costing.services import calculating
from infra.local.paths import ROOT
from tenants.context import in_branch
from tests.costing import months as m
from tests.inventory.test_killed_while_posting import _alive, _until_the_dead_are_noticed

ROUNDS = 6
TICKETS = 120
# Sets Django up once and forks a worker for each line, so that a kill costs milliseconds and not a start.
NURSERY = """
import os, sys
import django; django.setup()
from datetime import datetime
from apps.costing.services import calculating
from steppe.kernel import clock
from tenants.context import branch_by_schema, in_branch

calculating.BATCH = 5
for line in sys.stdin:
    child = os.fork()
    if not child:
        with clock.frozen(datetime.fromisoformat(sys.argv[2])), in_branch(branch_by_schema(sys.argv[1])):
            calculating.work_on(line.strip())
        os._exit(0)
    os.write(1, f"{child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"gone\\n")
"""


@pytest.fixture
def nursery(committed, lotus):
    env = {
        **os.environ, "STEPPE_DATABASE_URL": committed.url, "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
    command = [sys.executable, "-c", NURSERY, lotus.tenant.schema_name, m.at(2).isoformat()]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def test_whoever_dies_in_it_is_followed_by_who_goes_on_and_nothing_is_booked_twice(nursery, lotus):
    with m.on(2), in_branch(lotus.tenant):
        m.past(TICKETS)
        m.priced()
        run, dice = m.start(), random.Random(5)
        hit = sum(_killed(nursery, run, dice) for _round in range(ROUNDS))
        done = SettlementRun.objects.get().done
        print(f"{hit} of {ROUNDS} workers killed at work, {done} of {TICKETS} tickets behind the cursor")
        assert hit >= ROUNDS // 2, "too few were killed in the middle of it: nothing was shown"
        SettlementRun.objects.filter(state="running").update(state="waiting")
        assert calculating.work_on(run) == "done"
        assert WorkPointEntry.objects.filter(stage="earned", kind="earn").count() == TICKETS
        assert SettlementRun.objects.get().done == TICKETS
        once = m.figures()
        assert m.calculate() == "done" and m.figures() == once and once[0]["tickets"] == TICKETS


def _killed(nursery: subprocess.Popen, run: str, dice: random.Random) -> int:
    """One worker goes on from the cursor and dies; was it at work?"""
    SettlementRun.objects.filter(state="running").update(state="waiting")
    before, until = SettlementRun.objects.get().cursor, time.monotonic() + 20
    nursery.stdin.write(run + "\n")
    nursery.stdin.flush()
    worker = int(nursery.stdout.readline())
    while SettlementRun.objects.get().cursor == before and _alive(worker) and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 0.15))
    hit = _alive(worker)
    os.kill(worker, signal.SIGKILL)
    assert nursery.stdout.readline() == "gone\n"
    connection.ensure_connection()
    _until_the_dead_are_noticed()
    _whole_batches()
    return int(hit)


def _whole_batches() -> None:
    """What is behind the cursor is booked, and nothing else: a batch is there or it is not."""
    run = SettlementRun.objects.select_related("period").get()
    booked = WorkPointEntry.objects.filter(stage="earned", kind="earn").count()
    assert booked == run.done
