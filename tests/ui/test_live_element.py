"""<fs-live> in a real browser against a stand-in branch: nothing missed, nothing shown twice, nothing jumps."""

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until, watched_page

pytestmark = pytest.mark.journey


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.change("a")
        world.change("b")
        yield world


@pytest.fixture
def page(browser: Browser, world: StandIn) -> Iterator[Page]:
    page = watched_page(browser)
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    wait_state(page, "live")
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def wait_state(page: Page, state: str, timeout: int = 8000) -> None:
    page.wait_for_selector(f"fs-live[data-state={state}]", timeout=timeout, state="attached")


def wait_row(page: Page, public_id: str, version: int) -> None:
    page.wait_for_selector(f"#t-{public_id}[data-v='{version}']", timeout=8000)


def shown(page: Page) -> dict[str, int]:
    """What stands on the page or waits behind the bar, fading rows apart."""
    pairs = page.evaluate(
        "() => { const live = document.querySelector('fs-live');"
        " return live.rows.shown().concat(Array.from(live.rows.queue.values()))"
        ".map((row) => [row.id.slice(2), Number(row.dataset.v)]) }"
    )
    assert len(pairs) == len({one for one, _ in pairs}), "a row twice"
    return dict(pairs)


def seq(page: Page) -> int:
    return int(page.evaluate("document.querySelector('fs-live').cursor.seq"))


def test_a_change_is_fetched_and_shown_once(page: Page, world: StandIn) -> None:
    frame = world.change("a")
    wait_row(page, "a", 2)
    world.send(frame)  # at least once means: sometimes twice
    world.send(frame)
    page.wait_for_timeout(500)
    assert len(world.asked("/rows/")) == 1
    assert shown(page) == world.rows


def test_ids_of_a_quarter_second_go_in_one_request(page: Page, world: StandIn) -> None:
    for number in range(130):
        world.change(f"n{number}")
    until(page, "document.querySelector('fs-live').rows.queue.size === 130")
    counts = [len(request.split("ids=")[1].split(",")) for request in world.asked("/rows/")]
    assert max(counts) <= 100
    assert len(counts) <= 4
    assert shown(page) == world.rows


def test_a_gap_is_filled_from_the_hints(page: Page, world: StandIn) -> None:
    world.change("a", tell=False)
    world.change("c", tell=False)
    world.change("b")
    wait_row(page, "a", 2)
    wait_row(page, "b", 2)
    until(page, "document.querySelector('fs-live').rows.queue.has('c')")
    assert seq(page) == world.head
    assert world.asked("/list") == []


def test_a_heartbeat_beyond_our_number_is_a_gap(page: Page, world: StandIn) -> None:
    world.change("a", tell=False)
    world.beat()
    wait_row(page, "a", 2)


def test_a_frame_that_is_not_for_us_only_moves_the_number(page: Page, world: StandIn) -> None:
    world.change("x", kind="-")
    until(page, f"document.querySelector('fs-live').cursor.seq === {world.head}")
    page.wait_for_timeout(400)
    assert world.asked("/rows/") == []


def test_an_older_version_never_replaces_a_newer_one(page: Page, world: StandIn) -> None:
    world.change("a")
    wait_row(page, "a", 2)
    world.stale_rows["a"] = 1  # an answer that was long on its way
    world.change("a")
    until(page, f"document.querySelector('fs-live').cursor.seq === {world.head}")
    page.wait_for_timeout(600)
    assert page.text_content("#t-a") == "a v2"


def test_after_a_broken_socket_it_catches_up_without_reloading(page: Page, world: StandIn) -> None:
    world.refuse_sockets = True
    world.cut()
    page.wait_for_selector("fs-live:not([data-state=live])")
    world.change("a", tell=False)
    world.change("c", tell=False)
    world.refuse_sockets = False
    wait_state(page, "live", 15000)
    wait_row(page, "a", 2)
    until(page, "document.querySelector('fs-live').rows.queue.has('c')")
    assert world.asked("/list") == []
    assert len(world.asked("/")) == 1


def test_without_sockets_it_polls_and_says_so_and_climbs_back(page: Page, world: StandIn) -> None:
    world.refuse_sockets = True
    world.cut()
    wait_state(page, "poll", 30000)
    assert page.text_content("fs-fresh") == "轮询"
    world.change("a", tell=False)
    wait_row(page, "a", 2)
    world.refuse_sockets = False
    wait_state(page, "live", 40000)
    assert page.text_content("fs-fresh") == "实时"
    world.change("a")
    wait_row(page, "a", 3)


def test_a_new_epoch_brings_the_list_afresh(page: Page, world: StandIn) -> None:
    world.epoch, world.log = "e2", []
    world.rows, world.versions = {"a": 9, "z": 1}, {"a": 9, "z": 1}
    world.beat()
    wait_row(page, "a", 9)
    until(page, "document.querySelector('fs-live').rows.queue.has('z')")
    assert page.get_attribute("#t-b", "class") == "is-gone"
    assert shown(page) == world.rows
    world.change("a")
    wait_row(page, "a", 10)


def test_a_number_past_retention_brings_the_list_afresh(page: Page, world: StandIn) -> None:
    world.change("a", tell=False)
    world.retained_from = world.head
    world.change("b")
    wait_row(page, "a", 2)
    wait_row(page, "b", 2)
    assert len(world.asked("/list")) == 1


def test_newcomers_wait_until_they_are_called(page: Page, world: StandIn) -> None:
    world.change("c")
    page.wait_for_selector("[data-list-new]:not([hidden])")
    assert page.text_content("[data-list-new]") == "1 new"
    assert page.query_selector("#t-c") is None
    page.keyboard.press(".")
    wait_row(page, "c", 1)
    assert page.is_hidden("[data-list-new]")


def test_a_leaver_greys_before_it_goes(page: Page, world: StandIn) -> None:
    world.change("a", gone=True)
    page.wait_for_selector("#t-a.is-gone")
    page.wait_for_selector("#t-a", state="detached")
    assert shown(page) == world.rows


def test_the_chosen_row_and_the_focus_survive_a_replacement(page: Page, world: StandIn) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.focus("#t-b button")
    world.change("b")
    wait_row(page, "b", 2)
    assert page.get_attribute("#t-b", "aria-selected") == "true"
    assert page.get_attribute("[role=grid]", "aria-activedescendant") == "t-b"
    assert page.evaluate("document.activeElement.textContent") == "b v2"


def test_a_goodbye_reloads_the_page(page: Page, world: StandIn) -> None:
    with page.expect_navigation():
        world.send({"t": "bye", "why": "signed-out"})
    wait_state(page, "live")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_old_page_plus_any_events_is_the_fresh_page(page: Page, world: StandIn, seed: int) -> None:
    """A third of the frames is lost, some come twice, sockets break: in the end the page equals the server."""
    dice = random.Random(seed)
    for step in range(120):
        frame = world.change(dice.choice("abcdefghij"), tell=dice.random() > 0.3, gone=dice.random() < 0.15)
        if dice.random() < 0.2:
            world.send(frame)
        if step % 40 == 20:
            world.cut()
        page.wait_for_timeout(dice.randint(0, 25))
    page.wait_for_timeout(1500)
    wait_state(page, "live", 20000)
    world.beat()
    until(
        page,
        f"(() => {{ const live = document.querySelector('fs-live');"
        f" return live.cursor.seq === {world.head} && !live.wanted.ids.size && !live.wanted.busy }})()",
    )
    assert shown(page) == world.rows
