"""A dispatcher whose line breaks: the page says so, catches up by itself, and ends where a fresh page begins."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import screens
from tests.journeys.people import Person
from tests.journeys.site import Site, until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG = "ordos"
SOON = 20_000


@pytest.fixture
def desk(signed_in: Callable[..., Page]) -> Page:
    page = signed_in(SLUG, "dispatcher", path="/console/?tab=pooled")
    until(lambda: screens.is_live(page), what="the screen is live")
    screens.record(page)
    return page


@pytest.fixture
def clerk(site: Site) -> Iterator[Person]:
    with Person(site, SLUG, "clerk") as person:
        yield person


@pytest.fixture
def dispatcher(site: Site) -> Iterator[Person]:
    with Person(site, SLUG, "dispatcher2") as person:
        yield person


def test_without_the_socket_the_page_says_so_and_follows_by_asking(site: Site, desk: Page, clerk: Person) -> None:
    with site.without("realtime"):
        says(desk, "poll")
        ticket = opened(clerk, 1)
        arrives(desk, ticket)
    says(desk, "live")
    screens.same_as_fresh(desk, desk.context.new_page())
    assert screens.newcomers(desk).count(ticket) == 1


def test_what_happened_while_the_line_was_cut_is_there_once_it_is_back(
    site: Site, desk: Page, clerk: Person, dispatcher: Person
) -> None:
    before = opened(clerk, 2)
    arrives(desk, before)
    told = screens.look(desk)
    with site.without("realtime"):
        desk.context.set_offline(True)
        says(desk, "lost")
        missed = [opened(clerk, number) for number in (3, 4, 5)]
        void(dispatcher, missed[0])  # came and went, and nobody saw it
        void(dispatcher, before)
        assert [row[:2] for row in screens.look(desk).rows] == [row[:2] for row in told.rows]
        expect(desk.locator("fs-fresh")).to_contain_text("断开")
    desk.context.set_offline(False)
    says(desk, "live")
    now = screens.same_as_fresh(desk, desk.context.new_page())
    assert {missed[1], missed[2]} <= set(now.ids())
    assert not {before, missed[0]} & set(now.ids())
    assert sorted(screens.newcomers(desk)) == sorted([before, missed[1], missed[2]])


def says(desk: Page, state: str) -> None:
    """How fresh the page claims to be, in the corner where the dispatcher reads it."""
    expect(desk.locator("fs-fresh")).to_have_attribute("data-state", state, timeout=SOON)


def arrives(desk: Page, ticket: str) -> None:
    """The ticket comes onto the screen by itself; `.` shows who waits."""

    def there() -> bool:
        desk.keyboard.press(".")
        return ticket in screens.look(desk).ids()

    until(there, seconds=20, what=f"{ticket} on the screen")


def opened(clerk: Person, number: int) -> str:
    public_id: str = clerk.open_ticket(address=f"东胜 天骄路 {number} 号", phone=f"1265555{number:04d}")["public_id"]
    return public_id


def void(dispatcher: Person, ticket: str) -> None:
    version = dispatcher.get(f"tickets/{ticket}")["version"]
    dispatcher.must(f"tickets/{ticket}/void", version=version, reason="test")
