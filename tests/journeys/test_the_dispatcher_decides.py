"""The dispatcher's own decisions: assign, reassign, void, by mouse and by keys; and the alarm when a clock runs out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk
from tests.journeys.site import Site
from tests.journeys.taps import budget

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG = "hulunbuir"
# Notes as they are played: the browser's own, noted on their way to the loudspeaker.
LISTEN = """(() => {
  window.steppeNotes = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) {
    window.steppeNotes.push(this.frequency.value);
    return start.apply(this, given);
  };
})()"""


def test_the_dispatcher_assigns_reassigns_voids_and_is_alarmed(
    site: Site, signed_in: Callable[..., Page], pictures: Path
) -> None:
    clerk = signed_in(SLUG, "clerk", path="/console/new/")
    ticket = desk.enter(clerk, phone="12655570001", address="海拉尔 河西小区 3-1-201")
    doomed = desk.enter(clerk, phone="12655570002", address="海拉尔 胜利街 9 号")
    screen = signed_in(SLUG, "dispatcher", path=f"/console/t/{ticket}/")
    desk.act(screen, "dispatch", pick=0)
    expect(screen.locator("body")).to_contain_text("已派待确认", timeout=desk.SOON)
    desk.act(screen, "reassign", pick=1)
    expect(screen.locator("body")).to_contain_text("改派", timeout=desk.SOON)
    screen.goto(site.url(SLUG, f"/console/t/{doomed}/"))
    desk.act(screen, "void")
    expect(screen.locator("body")).to_contain_text("无效", timeout=desk.SOON)

    screen.goto(site.url(SLUG, "/console/?tab=overdue"))
    expect(screen.locator("tr.is-late").first).to_be_visible(timeout=100_000)
    screen.screenshot(path=pictures / "console-overdue.png")


def test_two_keys_dispatch_and_three_reassign(site: Site, signed_in: Callable[..., Page]) -> None:
    """A Enter; R, who, why, Enter (ux.md §8.6)."""
    clerk = signed_in(SLUG, "clerk", path="/console/new/")
    ticket = desk.enter(clerk, phone="12655570003", address="海拉尔 河西小区 5-1-101")
    screen = signed_in(SLUG, "dispatcher", path="/console/")
    desk.appears(screen, ticket)
    desk.choose_row(screen, ticket)
    with budget(screen, 2, "dispatch by keys"):
        screen.keyboard.press("a")
        expect(screen.locator("#dialog-dispatch button.btn-primary")).to_be_focused()
        screen.keyboard.press("Enter")
        desk.side_says(screen, "已派待确认")
    with budget(screen, 4, "reassign by keys, with its reason"):
        screen.keyboard.press("r")
        dialog = screen.locator("#dialog-reassign")
        dialog.locator("label:has(input[name=technician_id]:not(:checked))").first.click()
        dialog.locator("label:has(input[name=reason])").first.click()
        screen.keyboard.press("Enter")
        desk.side_says(screen, "改派")


def test_a_newcomer_is_heard_by_whoever_began_duty(site: Site, signed_in: Callable[..., Page]) -> None:
    screen = signed_in(SLUG, "dispatcher2")
    screen.add_init_script(LISTEN)
    screen.goto(site.url(SLUG, "/console/"))
    with budget(screen, 1, "begin duty"):
        screen.locator("fs-sound button").click()
        expect(screen.locator("fs-sound button")).to_have_attribute("aria-pressed", "true")
    screen.wait_for_timeout(2_100)  # two notes are at least two seconds apart
    before = len(screen.evaluate("window.steppeNotes"))
    desk.appears(screen, desk.enter(signed_in(SLUG, "clerk", path="/console/new/"), phone="12655570004"))
    assert len(screen.evaluate("window.steppeNotes")) > before
