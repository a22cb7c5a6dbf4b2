"""A case goes from one branch to another, in real windows: asked for at the source, agreed by its administrator, sent
on by headquarters, taken by the target's administrator as a ticket of their own; and once begun at headquarters itself.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import desk
from tests.journeys.sheets import Sheet, check
from tests.journeys.site import Site, until
from tests.journeys.taps import budget

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SOURCE, TARGET, CODE = "hulunbuir", "xilingol", "HL"
SOURCE_NAME, TARGET_NAME = "呼伦贝尔市分公司", "锡林郭勒盟分公司"
SOON = 40_000
Window = Callable[..., Page]


def test_asked_at_the_source_it_goes_on_in_the_other_branch(site: Site, signed_in: Window, pictures: Path) -> None:
    ticket = entered(signed_in, "12655580001", "海拉尔 河西小区 6-2-301")
    number, reported = ask_to_let_go(signed_in, ticket)
    keeper = signed_in("hq", "hqadmin", path="/hq/handovers/?tab=asked")
    case = seen(keeper, number)
    expect(case).to_contain_text(f"{SOURCE_NAME}管理员")
    agree(site, signed_in, ticket)
    keeper.goto(site.url("hq", "/hq/handovers/"))
    card = seen(keeper, number)
    expect(card.locator("select[name=branch]")).to_have_value("XL")  # as the source wished
    with budget(keeper, 1, "send a case on"):
        card.locator("form[action$='/route/'] button").click()
        keeper.wait_for_url("**done=routed**")
    taken = take(site, signed_in, number)
    it_is_done(site, keeper, number, taken, pictures)
    at_the_source_it_is_closed(site, signed_in, ticket, taken)
    at_the_target_it_goes_on(site, signed_in, taken, number, reported)


def test_begun_at_headquarters_both_administrators_are_asked_all_the_same(site: Site, signed_in: Window) -> None:
    ticket = entered(signed_in, "12655580002", "海拉尔 河西小区 7-1-102")
    keeper = signed_in("hq", "hqadmin", path=f"/hq/tickets/{CODE}/{ticket}/")
    number = keeper.locator("h1").inner_text()
    with budget(keeper, 4, "begin a hand-over"):
        keeper.locator("summary", has_text="移交其他分公司").click()
        keeper.locator("#h-branch").select_option("XL")
        keeper.locator("label:has(input[value=their_line])").click()
        keeper.locator("form[action$='/hand-over/'] button.btn-primary").click()
        keeper.wait_for_url("**/hq/handovers/*/?done=begun")
    case = keeper.url.split("?")[0]
    expect(keeper.locator("main")).to_contain_text(f"{SOURCE_NAME}管理员")
    agree(site, signed_in, ticket)
    until(lambda: says(keeper, case, f"{TARGET_NAME}管理员"), seconds=40, what="the other branch is asked")
    taken = take(site, signed_in, number)
    until(lambda: says(keeper, case, taken), seconds=40, what="the new number at headquarters")
    steps = keeper.locator(".timeline .timeline-what").all_inner_texts()
    assert steps == [
        f"请{SOURCE_NAME}移出此单", f"{SOURCE_NAME}同意移出", f"总部转给{TARGET_NAME}", f"{TARGET_NAME}接收",
        f"原分公司已完结，{TARGET_NAME}已建单",
    ]  # fmt: skip
    check(keeper, site, [Sheet(one, slug="hq") for one in (path_of(case), f"/hq/tickets/{CODE}/{ticket}/")])
    who_only_looks_presses_nothing(signed_in, path_of(case))
    who_began_stands_in_the_branchs_audit(site, keeper, number)


def entered(signed_in: Window, phone: str, address: str) -> str:
    return desk.enter(signed_in(SOURCE, "clerk", path="/console/new/"), phone=phone, address=address)


def ask_to_let_go(signed_in: Window, ticket: str) -> tuple[str, str]:
    """The dispatcher asks; the ticket's number, and when it was reported, as the page says it."""
    page = signed_in(SOURCE, "dispatcher", path=f"/console/t/{ticket}/")
    number = page.locator(".page-head .mono").inner_text()
    page.locator(".menu-steps > summary").click()
    page.locator("a.menu-item[href$='/ask-hand-over/']").click()
    form = page.locator("#step form[action$='/ask-hand-over/']")
    form.locator("[name=branch]").select_option("XL")
    form.locator("label:has(input[name=reason])").first.click()
    form.locator("button.btn-primary").click()
    page.wait_for_url("**done=ask-hand-over")
    expect(page.locator(".banner-warm")).to_contain_text("移交其他分公司", timeout=SOON)
    return number, reported_on(page)


def reported_on(page: Page) -> str:
    told = page.locator(".at-facts dt", has_text="报修").locator("xpath=following-sibling::dd[1]").first.inner_text()
    return told.split("·")[0].strip()


def agree(site: Site, signed_in: Window, ticket: str) -> None:
    """审批: the source's administrator."""
    page = signed_in(SOURCE, "admin", path="/console/requests/")
    page.locator(f"form[action*='{ticket}/approve/'] button").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(site.url(SOURCE, "/console/handovers/"))
    expect(page.locator(f"tr:has(a[href*='{ticket}'])")).to_be_visible(timeout=SOON)


def seen(keeper: Page, number: str) -> Locator:
    """The case among those shown, once the branch's news has come."""

    def there() -> bool:
        keeper.reload()
        return keeper.locator("[id^='c-']", has_text=number).count() == 1

    until(there, seconds=40, what=f"{number} at headquarters")
    return keeper.locator("[id^='c-']", has_text=number)


def path_of(address: str) -> str:
    return urlsplit(address).path


def who_only_looks_presses_nothing(signed_in: Window, case: str) -> None:
    page = signed_in("hq", "hq", path="/hq/handovers/?tab=done")
    page.locator(f".hq-cases a[href='{case}']").click()
    page.wait_for_url(f"**{case}")
    expect(page.locator(".timeline li")).to_have_count(5)
    expect(page.locator("main form, main button")).to_have_count(0)


def says(keeper: Page, address: str, words: str) -> bool:
    keeper.goto(address)
    return words in keeper.locator("main").inner_text()


def take(site: Site, signed_in: Window, number: str) -> str:
    """The target's administrator takes it as a ticket of their own type; its number there."""
    page = signed_in(TARGET, "admin", path="/console/handovers/")
    card = page.locator(".request-card", has_text=number)

    def shows(what: str) -> bool:
        page.goto(site.url(TARGET, "/console/handovers/"))
        return card.locator(what).count() == 1

    until(lambda: shows("select[name=type_code]"), seconds=40, what=f"{number} is offered")
    card.locator("select[name=type_code]").select_option("fault_tv")
    card.locator("form[action$='/accept/'] button").click()
    page.wait_for_url("**done=accepted**")
    until(lambda: shows("a[href*='/console/t/']"), seconds=60, what="the new ticket")
    taken = card.locator("a[href*='/console/t/']").inner_text()
    assert re.fullmatch(r"XL-\d{4}-\d{6}", taken)
    return taken


def it_is_done(site: Site, keeper: Page, number: str, taken: str, pictures: Path) -> None:
    keeper.goto(site.url("hq", "/hq/handovers/?tab=done"))
    row = seen(keeper, number)
    expect(row).to_contain_text(taken)
    row.locator("a.strong").click()
    keeper.wait_for_url("**/hq/handovers/*/")
    for words in (number, taken, "已移交", f"{TARGET_NAME}已建单"):
        expect(keeper.locator("main")).to_contain_text(words)
    keeper.set_viewport_size({"width": 1440, "height": 480})
    keeper.screenshot(path=pictures / "hq-handover.png")
    keeper.set_viewport_size({"width": 1440, "height": 900})


def at_the_source_it_is_closed(site: Site, signed_in: Window, ticket: str, taken: str) -> None:
    page = signed_in(SOURCE, "dispatcher", path=f"/console/t/{ticket}/")
    expect(page.locator(".page-head")).to_contain_text("完结")
    facts = page.locator(".at-facts")
    expect(facts).to_contain_text("已移交")
    expect(facts).to_contain_text(f"{TARGET_NAME} {taken}")


def at_the_target_it_goes_on(site: Site, signed_in: Window, taken: str, number: str, reported: str) -> None:
    page = signed_in(TARGET, "admin", path="/console/handovers/")
    page.locator("a[href*='/console/t/']", has_text=taken).click()
    page.wait_for_url("**/console/t/*/")
    expect(page.locator(".at-facts")).to_contain_text(f"{SOURCE_NAME} {number}")
    expect(page.locator(".at-facts")).to_contain_text("河西小区 6-2-301")
    assert reported_on(page) == reported


def who_began_stands_in_the_branchs_audit(site: Site, keeper: Page, number: str) -> None:
    keeper.goto(site.url("hq", f"/hq/audit/?branch={CODE}&ticket={number}&what=begin_handover"))
    line = keeper.locator("table.audit tbody tr").first
    expect(line).to_contain_text("总部 吴桐", timeout=SOON)
    expect(line).to_contain_text(number)
