"""A command commits; the screens that may know of it hear a number, an id and a version, and nothing else."""

import time

import pytest

from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.realtime.conftest import Stage

pytestmark = pytest.mark.live


def test_a_hint_arrives_after_the_commit(stage: Stage, lotus: Branch) -> None:
    lin = stage.screen(lotus, "lin")
    with in_branch(lotus.tenant):
        ticket = make.make_ticket(status="accepted")
    frames = lin.read_to(lin.seq + 3)
    assert [frame["x"] for frame in frames] == ["ticket.opened", "ticket.wave_pushed", "ticket.grabbed"]
    last = frames[-1]
    assert (last["k"], last["i"], last["v"]) == ("ticket", ticket.public_id, ticket.version)
    assert set(last) == {"e", "s", "k", "i", "v", "x"}  # and nothing of the ticket itself


def test_a_hint_is_quick(stage: Stage, lotus: Branch) -> None:
    """No timed test: it only proves that the hint is heard, and that nobody waited for the two-second look."""
    lin, took = stage.screen(lotus, "lin"), []
    with in_branch(lotus.tenant):
        by, reports = make.actor("cai"), [make.report() for _ in range(8)]
        for report in reports:
            make.services.open_ticket(report=report, channel="shop", by=by, key=make.key())
            started = time.monotonic()
            lin.read_to(lin.seq + 1)
            took.append(time.monotonic() - started)
            lin.read_to(lin.seq + 1)
    print("commit to socket, ms:", sorted(round(one * 1000) for one in took))
    assert sorted(took)[len(took) // 2] < 1.0
