"""The main job, played once through in real browser windows: report, pool, push, grab, work, callback, live.

Source: the first issue's story, step by step; its pictures are the ones in the README.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import phones
from tests.journeys.site import Site, until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
CUSTOMER_PHONE = "12655550001"
SOON = 20_000  # milliseconds; a loaded machine is slow, a broken one never gets there


def test_the_main_job_from_report_to_rating(
    site: Site, window: Window, signed_in: Callable[..., Page], pictures: Path
) -> None:
    desk = signed_in("xilingol", "dispatcher", path="/console/")
    expect(desk.locator("fs-fresh, [data-state=live]").first).to_be_attached(timeout=SOON)
    neighbour = signed_in("hulunbuir", "dispatcher", path="/console/")

    # 1. A customer reports from the service account's menu; a clerk enters another one at the console.
    customer = window(phone=True)
    ticket = phones.report(site, customer, "xilingol-visitor1", phone=CUSTOMER_PHONE)
    second = enter_at_the_console(signed_in("xilingol", "clerk", path="/console/new/"))

    # 2. Both stand in the pool; the chosen technicians' phones show the card, and nothing personal in it.
    for public_id in (ticket, second):
        appears(desk, public_id)
    cards = cards_of(site, ticket)
    assert 1 <= len(cards) <= 5
    assert CUSTOMER_PHONE not in str(cards)

    # 3. Two technicians tap; one wins, the other reads who won. The phone number shows only to the winner.
    one, two = window(phone=True), window(phone=True)
    for page, card in zip((one, two), cards, strict=False):
        phones.open_card(site, page, card["user_id"], card["msgid"])
    for page in (one, two):
        assert CUSTOMER_PHONE not in page.content()
    one.screenshot(path=pictures / "h5-offer.png")
    winner, loser = tap_at_once(one, two)
    assert CUSTOMER_PHONE in winner.content()
    assert CUSTOMER_PHONE not in loser.content()
    expect(loser.locator(".nothing")).to_contain_text(re.compile(r"\d\d:\d\d"))
    loser.screenshot(path=pictures / "h5-lost.png")
    winner.screenshot(path=pictures / "h5-won.png")

    # 4. The dispatcher has seen it happen without touching anything.
    follows(desk, ticket)
    desk.screenshot(path=pictures / "console.png")
    expect(customer.locator(f"#t-{ticket}")).to_contain_text("师傅", timeout=SOON)

    # 6. On site: check in, complete; the callback agent sends it back, it is done again, the customer rates.
    work_and_complete(winner)
    send_back(signed_in("xilingol", "callback", path=f"/console/callback/?t={ticket}"), pictures)
    winner.goto(site.url("xilingol", f"/w/t/{ticket}"))
    work_and_complete(winner)
    rate(customer, site, ticket)
    customer.screenshot(path=pictures / "h5-rated.png")

    # 7. The neighbour saw nothing of it, under no address; headquarters sees the counts of all branches.
    assert neighbour.locator(f"#t-{ticket}").count() == 0
    foreign = neighbour.goto(site.url("hulunbuir", f"/console/t/{ticket}/"))
    assert foreign is not None
    assert foreign.status == 404
    hq = signed_in("hq", "hq", path="/hq/")
    for name in ("锡林郭勒盟分公司", "呼伦贝尔市分公司", "鄂尔多斯市分公司"):
        expect(hq.locator("body")).to_contain_text(name)
    hq.screenshot(path=pictures / "headquarters.png")


def test_the_dispatcher_assigns_reassigns_voids_and_is_alarmed(
    site: Site, signed_in: Callable[..., Page], pictures: Path
) -> None:
    clerk = signed_in("hulunbuir", "clerk", path="/console/new/")
    ticket = enter_at_the_console(clerk, address="海拉尔 河西小区 3-1-201")
    doomed = enter_at_the_console(clerk, address="海拉尔 胜利街 9 号")
    desk = signed_in("hulunbuir", "dispatcher", path=f"/console/t/{ticket}/")
    act(desk, "dispatch", pick=0)
    expect(desk.locator("body")).to_contain_text("已派待确认", timeout=SOON)
    act(desk, "reassign", pick=1)
    expect(desk.locator("body")).to_contain_text("改派", timeout=SOON)
    desk.goto(site.url("hulunbuir", f"/console/t/{doomed}/"))
    act(desk, "void")
    expect(desk.locator("body")).to_contain_text("无效", timeout=SOON)

    desk.goto(site.url("hulunbuir", "/console/?tab=overdue"))
    expect(desk.locator("tr.is-late").first).to_be_visible(timeout=100_000)
    desk.screenshot(path=pictures / "console-overdue.png")


def enter_at_the_console(page: Page, *, address: str = "杭盖街 8-2-301") -> str:
    """建单 by keyboard and mouse; the public id of the new ticket."""
    page.fill("input[name=phone]", "12655550002")
    page.fill("input[name=contact_name]", "李建国")
    page.locator("[name=address]").fill(address)
    page.locator("[name=description]").fill("无信号")
    choose_type(page)
    page.keyboard.press("Control+Enter")
    link = page.locator(".banner-good a")
    link.wait_for(timeout=SOON)
    public_id = phones.public_id(link.get_attribute("href") or "")
    page.locator("input[name=phone]").wait_for()
    return public_id


def choose_type(page: Page) -> None:
    """The type field may be a list or tiles."""
    field = page.locator("[name=type_code]").first
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option("fault_tv")
    else:
        page.locator("label:has(input[value=fault_tv])").click()


def appears(desk: Page, ticket: str) -> None:
    """The row is on the dispatcher's screen, at once or behind the newcomers' button."""

    def there() -> bool:
        desk.keyboard.press(".")
        return desk.locator(f"#t-{ticket}").count() == 1

    until(there, seconds=20, what=f"{ticket} on the dispatch screen")


def follows(desk: Page, ticket: str) -> None:
    """The row has left the pool's tab, or shows the new state: never the old one."""

    look = "id => document.getElementById(id)?.innerText ?? '已接单'"  # one look: the row may leave between two

    def moved() -> bool:
        return "已接单" in desk.evaluate(look, f"t-{ticket}")

    until(moved, seconds=20, what="the grab on the dispatch screen")


def cards_of(site: Site, ticket: str) -> list[dict[str, str]]:
    """The grab cards that WeChat has delivered for this ticket."""
    import httpx

    found: list[dict[str, str]] = []

    def come() -> bool:
        everything = httpx.get(f"{site.sandbox}/_sandbox/outbox", timeout=5).json()
        found[:] = [card for card in everything if f"/w/t/{ticket}" in card["url"]]
        return len(found) >= 2

    until(come, seconds=60, what="cards at the technicians' phones")
    assert len({card["openid"] for card in found}) == len(found), "somebody got the card twice"
    return found


def tap_at_once(one: Page, two: Page) -> tuple[Page, Page]:
    """Both press 抢单 before either answer is there; (winner, loser)."""
    grab = "document.querySelector('form[action$=\"/grab\"] button').click()"
    for page in (one, two):
        page.evaluate(grab)
    for page in (one, two):
        expect(page.locator(f"a[href='tel:{CUSTOMER_PHONE}'], .nothing").first).to_be_visible(timeout=SOON)
    won = [page for page in (one, two) if CUSTOMER_PHONE in page.content()]
    assert len(won) == 1, "exactly one may win"
    return won[0], two if won[0] is one else one


def work_and_complete(page: Page) -> None:
    """到场, what was done, a photo, 完工."""
    arrive = page.locator("form[action$='/check-in'] .act-bar button")
    arrive.click()
    next_step = page.locator("#solution, form[action$='/check-in'] input[name=reason]").first
    next_step.wait_for(state="attached", timeout=SOON)
    if page.locator("form[action$='/check-in'] input[name=reason]").count():  # too far away: say why
        page.locator("form[action$='/check-in'] .choices label").first.click()
        arrive.click()
    page.locator("#solution").fill("更换冷接子，光功率 -19 dBm")
    page.locator("input[type=file]").set_input_files(
        {"name": "after.png", "mimeType": "image/png", "buffer": phones.picture()}
    )
    phones.uploaded(page)
    page.locator("form[action$='/complete'] .act-bar button").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("body")).to_contain_text(re.compile("等待回访|完工"), timeout=SOON)


def send_back(page: Page, pictures: Path) -> None:
    """没有修好: the callback agent sends it back with a reason."""
    page.locator("label:has(input[name=fixed][value=no])").click(timeout=SOON)
    page.screenshot(path=pictures / "callback.png")
    page.locator("label:has(input[name=reason])").first.click()
    page.locator("form[action*='/callback/'] button.btn-primary").click()
    page.wait_for_load_state("networkidle")


def rate(page: Page, site: Site, ticket: str) -> None:
    """修好了, five stars."""
    page.goto(site.url("xilingol", f"/h5/t/{ticket}"))
    page.locator("label[for=fixed-yes]").click(timeout=SOON)
    page.locator("label[for=score-5]").click()
    page.locator(".rate-more button.act-main").click()
    expect(page.locator("body")).to_contain_text("完结", timeout=SOON)


def act(page: Page, action: str, *, pick: int | None = None) -> None:
    """An action of the ticket's page: open its dialog if it has one, choose, give the first reason."""
    opener = page.locator(f"details.step:has(form[action$='/{action}/']):not([open]) > summary").first
    form = page.locator(f"form[action$='/{action}/']").filter(has=page.locator("[name=reason][type=radio]")).first
    if opener.count():
        opener.click()
    if pick is not None:
        form.locator("label:has(input[name=technician_id])").nth(pick).click()
    form.locator("label:has(input[name=reason])").first.click()
    form.locator("button.btn-primary, button.btn-danger").last.click()
    page.wait_for_load_state("networkidle")
