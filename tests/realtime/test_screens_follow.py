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


def test_numbers_stay_dense_for_whom_nothing_is_meant(stage: Stage, lotus: Branch) -> None:
    """Gao dispatches the west: what happens in the east is a number without content."""
    lin, gao, cai = (stage.screen(lotus, who) for who in ("lin", "gao", "cai"))
    with in_branch(lotus.tenant):
        east = make.make_ticket()
        west = make.make_ticket(address="Willow Lane 1", lat=None, lng=None, by=make.actor("lin"))
    heard = {who: screen.read_to(lin.seq + 4) for who, screen in (("gao", gao), ("cai", cai), ("lin", lin))}
    assert [frame.get("i", "-") for frame in heard["lin"]] == [east.public_id] * 2 + [west.public_id] * 2
    assert [frame.get("i", "-") for frame in heard["gao"]] == ["-", "-"] + [west.public_id] * 2
    assert [frame.get("i", "-") for frame in heard["cai"]] == [east.public_id] * 2 + ["-", "-"]  # she entered one
    assert set(heard["gao"][0]) == {"e", "s", "k"}
    assert heard["gao"][0]["k"] == "-"


def test_a_technician_hears_that_another_was_faster(stage: Stage, lotus: Branch) -> None:
    """The ticket is not Bo's to see any more, but it has to leave his list."""
    bo, xi = stage.screen(lotus, "bo"), stage.screen(lotus, "xi")
    with in_branch(lotus.tenant):
        ticket = make.make_ticket(status="in_progress", to="wu")
    heard = [frame.get("x", "-") for frame in bo.read_to(bo.seq + 4)]
    assert heard[-2:] == ["ticket.grabbed", "-"]  # grabbed from the pool; Wu's work after it is not Bo's
    assert all(frame["k"] == "-" for frame in xi.read_to(xi.seq + 4))  # another sub-branch
    assert ticket.status == "in_progress"


def test_a_technician_hears_what_was_taken_away(stage: Stage, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        ticket = make.make_ticket(status="accepted", to="wu")
        services, lin, bo = make.services, make.actor("lin"), make.actor("bo")
        stage.wait_until_numbered(lotus)
        wu = stage.screen(lotus, "wu")
        services.reassign_ticket(
            public_id=ticket.public_id, technician_id=bo.technician_id, reason="nearer", by=lin, key=make.key()
        )
    told = wu.read_to(stage.wait_until_numbered(lotus))  # a screen may begin a number or two behind
    assert told[-1].get("x") == "ticket.reassigned"


def test_a_customer_follows_only_their_own(stage: Stage, lotus: Branch) -> None:
    mei, na = stage.screen(lotus, "mei"), stage.screen(lotus, "na")
    with in_branch(lotus.tenant):
        opened = make.services.open_ticket(report=make.report(), channel="h5", by=lotus.mei, key=make.key())
    assert {frame["i"] for frame in mei.read_to(mei.seq + 2)} == {opened.public_id}
    assert all(frame["k"] == "-" for frame in na.read_to(na.seq + 2))


def test_two_branches_hear_nothing_of_each_other(stage: Stage, lotus: Branch, maple: Branch) -> None:
    """Same ids, same user names, same numbers: only the schema tells them apart."""
    lin, chen = stage.screen(lotus, "lin"), stage.screen(maple, "lin")
    with in_branch(lotus.tenant):
        ours = [make.make_ticket(status="void") for _ in range(3)]
    with in_branch(maple.tenant):
        theirs = [make.make_ticket(status="void") for _ in range(2)]
    assert {frame["i"] for frame in lin.read_to(lin.seq + 9)} == {ticket.public_id for ticket in ours}
    assert {frame["i"] for frame in chen.read_to(chen.seq + 6)} == {ticket.public_id for ticket in theirs}
    assert lin.epoch != chen.epoch
    with pytest.raises(TimeoutError):
        lin.next(2.5)  # longer than the room's own look


def test_a_lost_hint_costs_a_delay_never_an_event(stage: Stage, lotus: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    lin = stage.screen(lotus, "lin")
    monkeypatch.setattr("steppe.kernel.wake.hint", lambda schema: None)
    with in_branch(lotus.tenant):
        ticket = make.make_ticket()
    assert {frame["i"] for frame in lin.read_to(lin.seq + 2)} == {ticket.public_id}


def test_a_late_comer_begins_at_the_head_and_catches_up(stage: Stage, lotus: Branch) -> None:
    """The hello says from which number on everything will come; the hints tell what was before it."""
    early = stage.screen(lotus, "lin")
    with in_branch(lotus.tenant):
        make.make_ticket()
    told = early.read_to(early.seq + 2)
    late = stage.screen(lotus, "lin")
    assert late.seq >= early.seq
    caught = make.client_at(lotus, lotus.lin).get(f"/live/hints?epoch={late.epoch}&after={told[0]['s'] - 1}").json()
    assert caught["hints"][:2] == told
    assert caught["head"] >= late.hello["s"]


def test_whoever_speaks_is_closed(stage: Stage, lotus: Branch) -> None:
    lin = stage.screen(lotus, "lin")
    lin.socket.send("hello?")
    assert lin.goodbye() == "speaking"
