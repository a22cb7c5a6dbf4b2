"""The main job, played in real browser windows in two branches at the same time: report, pool, push, grab, work,
callback, live; and neither branch sees anything of the other.

Source: the first issue's story, step by step; its pictures are the ones in the README.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.play import Play, Windows
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
MANZHOULI = (49.6, 117.381)


def test_the_main_job_from_report_to_rating_in_two_branches_at_once(
    site: Site, window: Window, signed_in: Callable[..., Page], pictures: Path
) -> None:
    windows = Windows(window, signed_in)
    here = Play(
        site, windows, "xilingol", phone="12655550001", name="王秀英", address="杭盖街 8-2-301", other="12655550002"
    )
    # Another town than the full day's: its four technicians have had their twenty cards of an hour by then.
    there = Play(
        site, windows, "hulunbuir", phone="12655560001", name="乌云其木格", address="满洲里 国门小区 3-1-201",
        other="12655560002", at=MANZHOULI,
    )  # fmt: skip
    both = (here, there)

    # 1, 2. In each branch a customer reports and a clerk enters another; both stand in the pool, the cards come.
    for step in (Play.open_desk, Play.customer_reports, Play.clerk_enters, Play.both_stand_in_the_pool):
        for play in both:
            step(play)

    # 3. In each branch two technicians tap; one wins, the other reads who won. The number shows only to the winner.
    for play in both:
        play.two_open_the_card()
    here.pages["one"].screenshot(path=pictures / "h5-offer.png")
    for play in both:
        play.both_tap()
    for play in both:
        play.one_has_won()
    here.pages["loser"].screenshot(path=pictures / "h5-lost.png")
    here.pages["winner"].screenshot(path=pictures / "h5-won.png")

    # 4. Dispatcher and customer have seen it happen without touching anything.
    for play in both:
        play.everybody_sees_it()
    here.pages["desk"].screenshot(path=pictures / "console.png")

    # 6. On site: check in, complete. Here it is sent back, done again and rated; there the callback agent closes it.
    for play in both:
        play.works()
    here.is_sent_back(pictures)
    there.is_closed()
    here.works()
    here.is_rated()
    here.pages["customer"].screenshot(path=pictures / "h5-rated.png")

    here.is_told(pictures)

    # 7. Neither saw anything of the other; headquarters sees the counts of all branches.
    for play, other in (both, both[::-1]):
        play.shows_nothing_of(other)
        play.phones_show_nothing_of(other)
    hq = signed_in("hq", "hq", path="/hq/")
    for name in ("锡林郭勒盟分公司", "呼伦贝尔市分公司", "鄂尔多斯市分公司"):
        expect(hq.locator("body")).to_contain_text(name)
