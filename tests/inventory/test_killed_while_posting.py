"""kill -9 in the middle of a posting: real processes die at random moments, the books never hold half a paper."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from apps.inventory.models import Document, SerialStep
from infra.local.paths import ROOT
from tenants.context import in_branch
from tests.inventory import stock

ROUNDS = 8
PAPERS = 25  # of one kind; together more than all that are killed can finish
BOXES = 3  # in one paper
# Sets Django up once and forks a poster for each round, so that a kill costs milliseconds and not a start.
NURSERY = """
import json, os, sys
import django; django.setup()
from apps.inventory import services
from apps.people.accounts.models import User
from apps.people.selectors import actor_for_user
from tenants.context import branch_by_schema, in_branch

def post_all(numbers):
    with in_branch(branch_by_schema(sys.argv[1])):
        keeper = actor_for_user(User.objects.get(username="ku").pk)
        for number in numbers:
            services.post_document(number=number, by=keeper, key="once-" + number)
            os.write(2, (number + "\\n").encode())

for line in sys.stdin:
    posters = []
    for share in json.loads(line):
        child = os.fork()
        if not child:
            post_all(share)
            os._exit(0)
        posters.append(child)
    os.write(1, (json.dumps(posters) + "\\n").encode())
    for child in posters:
        os.waitpid(child, 0)
    os.write(1, b"gone\\n")
"""


@pytest.fixture
def nursery(committed, lotus, tmp_path):
    """The process that forks the posters; what they acknowledged is in the file `acked`."""
    env = {
        **os.environ, "STEPPE_DATABASE_URL": committed.url, "DJANGO_SETTINGS_MODULE": "steppe.boot.settings.test",
    }  # fmt: skip
    command = [sys.executable, "-c", NURSERY, lotus.tenant.schema_name]
    with open(tmp_path / "acked", "w") as acked:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=acked, text=True
        )
    yield process
    process.kill()
    process.wait()


def test_whoever_dies_while_posting_leaves_a_whole_paper_or_none(nursery, lotus, tmp_path):
    with in_branch(lotus.tenant):
        dice, papers = random.Random(7), _papers()
        shares = [papers[0::2], papers[1::2]]
        hit = sum(_killed(nursery, shares, dice, tmp_path / "acked") for _round in range(ROUNDS))
        acked = (tmp_path / "acked").read_text().split()
        print(f"{hit} posters killed at work, {len(acked)} of {len(papers)} papers acknowledged before")
        assert hit >= ROUNDS, "too few were killed in the middle of it: nothing was shown"
        assert len(acked) == len(set(acked)), "a paper was posted twice"
        _all_or_nothing(acked)
        _round_without_a_kill(nursery, shares)
        assert not Document.objects.exclude(state="posted").exists()
        _all_or_nothing(papers)
        assert stock.on_hand("main", "stb") == PAPERS * BOXES
        assert stock.on_hand("main", "cable") == 1000 - PAPERS


def _papers() -> list[str]:
    """Receipts of boxes and issues of cable: new numbers, values, two shelves, one in common."""
    stock.item()
    stock.cable()
    stock.receive(stock.metres(1000, "33.3333"))
    van, papers = stock.van().code, []
    for n in range(PAPERS):
        numbers = [f"K{n:03d}{box}" for box in range(BOXES)]
        papers.append(stock.write("receipt", stock.boxes(*numbers, cost=100 + n), target="main"))
        papers.append(stock.write("issue", stock.metres(1), source="main", target=van))
    random.Random(3).shuffle(papers)
    return papers


def _killed(nursery: subprocess.Popen, shares: list[list[str]], dice: random.Random, acked: Path) -> int:
    """Both posters begin anew with what is left, get going and die; how many were at work."""
    before, posters, until = acked.stat().st_size, _begin(nursery, shares), time.monotonic() + 20
    while acked.stat().st_size == before and time.monotonic() < until:
        time.sleep(0.002)
    hit = 0
    for poster in posters:
        time.sleep(dice.uniform(0, 0.04))
        hit += _alive(poster)
        os.kill(poster, signal.SIGKILL)
    assert nursery.stdout.readline() == "gone\n"
    _until_the_dead_are_noticed()
    stock.check_books()
    return hit


def _begin(nursery: subprocess.Popen, shares: list[list[str]]) -> list[int]:
    left = set(Document.objects.exclude(state="posted").values_list("number", flat=True))
    told = [[number for number in share if number in left] for share in shares]
    nursery.stdin.write(json.dumps(told) + "\n")
    nursery.stdin.flush()
    posters: list[int] = json.loads(nursery.stdout.readline())
    return posters


def _round_without_a_kill(nursery: subprocess.Popen, shares: list[list[str]]) -> None:
    _begin(nursery, shares)
    assert nursery.stdout.readline() == "gone\n"


def _alive(pid: int) -> bool:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def _until_the_dead_are_noticed() -> None:
    """The server's own processes of the dead end when they next look at their client."""
    with connection.cursor() as cursor:
        for _try in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("somebody still holds a transaction of the dead")


def _all_or_nothing(acked: list[str]) -> None:
    """What was acknowledged is posted; a posted paper has its one entry with all of it, a draft has nothing."""
    for paper in Document.objects.prefetch_related("lines", "entries__movements"):
        entries = list(paper.entries.all())
        assert len(entries) == (1 if paper.state == "posted" else 0), paper.number
        assert paper.state == "posted" or paper.number not in acked, paper.number
        if entries:
            [line] = paper.lines.all()
            assert sorted(one.delta for one in entries[0].movements.all()) == [-line.quantity, line.quantity]
            steps = SerialStep.objects.filter(entry=entries[0]).count()
            assert Decimal(steps) == (line.quantity if line.item.code == "stb" else 0)
