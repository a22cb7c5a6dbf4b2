"""Old snapshot + events = new snapshot: after any work, a screen that followed shows what a reload would show."""

import threading

import pytest
from django.db import connection

from apps.tickets.rules.workflow import TABS
from steppe.kernel.journal import stream
from tenants.context import in_branch
from tests.cast import Branch
from tests.realtime.conftest import Stage
from tests.realtime.page import Page
from tests.realtime.random_work import RandomWork

WATCHERS = ("lin", "gao", "cai", "wu", "bo", "xi", "hui", "yun", "mei")


def number_everything() -> None:
    while stream.number_committed()[1]:
        pass


@pytest.mark.parametrize("seed", range(3))
def test_every_screen_equals_a_fresh_fetch(lotus_db: Branch, seed: int) -> None:
    """Every watcher, every tab; the stream is read now and then, as it comes."""
    work = RandomWork(seed)
    for _ in range(25):
        work.step()
    number_everything()
    pages = [Page(lotus_db.people[who], tab) for who in WATCHERS for tab in TABS]
    for turn in range(40):
        work.step()
        if turn % 7 == 0:
            number_everything()
            for page in pages[turn % 3 :: 3]:
                page.catch_up()
    number_everything()
    for page in pages:
        page.catch_up()
        assert page.rows == page.fresh(), (page.actor.name, page.filter.tab)
    assert work.done > 20  # the dice were not all refused


def test_the_control_a_forgotten_event_shows(lotus_db: Branch) -> None:
    """The comparison would notice: one page skips what the other takes."""
    work, page = RandomWork(1), Page(lotus_db.people["lin"], "pooled")
    work._open()
    number_everything()
    assert page.rows != page.fresh()
    page.catch_up()
    assert page.rows == page.fresh()


def test_a_snapshot_between_commit_and_number_changes_nothing(lotus_db: Branch) -> None:
    """The snapshot holds what its number does not: the event comes again later and finds its version there."""
    work = RandomWork(2)
    work._open()
    page = Page(lotus_db.people["lin"], "pooled")
    before = dict(page.rows)
    number_everything()
    page.catch_up()
    assert page.rows == before == page.fresh()


@pytest.mark.live
def test_real_screens_equal_a_fresh_fetch_while_four_people_work(stage: Stage, lotus: Branch) -> None:
    """Real commits in four threads, real sockets: the same law."""
    with in_branch(lotus.tenant):
        screens = {who: stage.screen(lotus, who) for who in ("lin", "gao", "wu")}
        pages = {who: Page(lotus.people[who], "pooled") for who in screens}
    work_at_once(lotus, people=4, steps=25)
    head = stage.wait_until_numbered(lotus)
    for who, screen in screens.items():
        frames = screen.read_to(head, 30)
        with in_branch(lotus.tenant):
            pages[who].take(frames)
            assert pages[who].rows == pages[who].fresh(), who


def work_at_once(branch: Branch, *, people: int, steps: int) -> None:
    def run(seed: int) -> None:
        with in_branch(branch.tenant):
            work = RandomWork(seed)
            for _ in range(steps):
                work.step()
        connection.close()

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
