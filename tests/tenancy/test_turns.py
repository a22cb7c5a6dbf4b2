"""Many branches share a few workers: everybody has a turn, a slow or broken branch costs the others nothing."""

from dataclasses import dataclass

import pytest

from tenants import tasks
from tenants.context import current_branch, in_branch
from tenants.tasks import fan_out, sweep_branch
from tenants.turns import turn
from tests.cast import Branch


@dataclass(frozen=True)
class Named:
    """A branch as far as the fan-out looks at it."""

    schema_name: str


def test_of_a_hundred_branches_each_has_one_turn_a_round_spread_over_the_round(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, float] = {}

    def send(*, headers: dict[str, str], countdown: float, expires: float) -> None:
        assert headers["_schema_name"] not in sent and expires == 10  # old turns do not pile up
        sent[headers["_schema_name"]] = countdown

    monkeypatch.setattr(tasks, "active_branches", lambda: [Named(f"t_{number:010}") for number in range(100)])
    monkeypatch.setattr(sweep_branch, "apply_async", send)
    assert fan_out() == 100 == len(sent)
    assert 0 <= min(sent.values()) < max(sent.values()) < tasks.WINDOW_MS / 1000
    early = sum(delay < tasks.WINDOW_MS / 2000 for delay in sent.values())
    assert 30 < early < 70  # no bunch at one moment


def test_while_a_slow_branch_is_at_it_its_next_turn_goes_away_and_the_others_have_theirs(
    lotus_db: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[str] = []

    def slow() -> None:
        """In the middle of the first sweep of Lotus the next round comes by."""
        began.append(current_branch().slug)
        if began == ["lotus"]:
            sweep_branch()
            with in_branch(maple.tenant):
                sweep_branch()

    monkeypatch.setattr(tasks, "SWEEPS", {"slow": slow})
    sweep_branch()
    assert began == ["lotus", "maple"]
    sweep_branch()
    assert began == ["lotus", "maple", "lotus"]  # the turn was given back


def test_a_broken_branch_gives_its_turn_back_and_breaks_nobody_else(
    lotus_db: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def work() -> None:
        if current_branch().slug == "lotus":
            raise RuntimeError("a table is gone")
        done.append(current_branch().slug)

    monkeypatch.setattr(tasks, "SWEEPS", {"first": work, "second": work})
    for _ in range(2):
        sweep_branch()
        with in_branch(maple.tenant):
            sweep_branch()
    assert done == ["maple"] * 4
    with turn() as mine:
        assert mine


def killed() -> None:
    """A worker that is stopped in the middle of its turn."""
    with turn() as mine:
        assert mine
        raise KeyboardInterrupt


def test_who_is_stopped_in_the_middle_leaves_no_lock_behind(lotus_db: Branch) -> None:
    with pytest.raises(KeyboardInterrupt):
        killed()
    with turn() as mine:
        assert mine
