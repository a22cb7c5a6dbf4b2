"""What people at the console do: keyboard and mouse, as the screen invites them."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import phones
from tests.journeys.site import until
from tests.journeys.taps import budget

SOON = 20_000  # milliseconds; a loaded machine is slow, a broken one never gets there


def enter(page: Page, *, phone: str = "12655550002", name: str = "李建国", address: str = "杭盖街 8-2-301") -> str:
    """建单 by keyboard and mouse; the public id of the new ticket."""
    page.fill("input[name=phone]", phone)
    page.fill("input[name=contact_name]", name)
    page.locator("[name=address]").fill(address)
    page.locator("[name=description]").fill("无信号")
    choose_type(page)
    with budget(page, 1, "send a new ticket"):
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
    until(lambda: "已接单" in desk.evaluate(look, f"t-{ticket}"), seconds=20, what="the grab on the dispatch screen")


def send_back(page: Page, pictures: Path) -> None:
    """没有修好: the callback agent sends it back with a reason."""
    page.locator("label:has(input[name=fixed][value=no])").click(timeout=SOON)
    page.screenshot(path=pictures / "callback.png")
    page.locator("label:has(input[name=reason])").first.click()
    record_call(page)


def close(page: Page) -> None:
    """修好了: the callback agent closes it."""
    page.locator("label:has(input[name=fixed][value=yes])").click(timeout=SOON)
    record_call(page)


def record_call(page: Page) -> None:
    """记录结果."""
    page.locator("form[action*='/callback/'] button.btn-primary").click()
    page.wait_for_load_state("networkidle")


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


def choose_row(desk: Page, ticket: str) -> None:
    """The row is chosen, its sheet has come, and the sheet's forms are awake: for 20 ms after the swap they are not,
    and a key as quick as this one would send the form the plain way, to the ticket's own page."""
    desk.locator(f"#t-{ticket} td").nth(2).click()
    desk.locator(f"[data-side-id='{ticket}']").wait_for(timeout=SOON)
    desk.wait_for_function("!document.querySelector('.htmx-added, .htmx-settling, .htmx-swapping, .htmx-request')")


def side_says(desk: Page, words: str) -> None:
    """The sheet of the chosen ticket shows it."""
    expect(desk.locator("#side")).to_contain_text(re.compile(words), timeout=SOON)
