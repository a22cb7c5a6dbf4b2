"""Headquarters looks at its branches: from the map to one overdue ticket of one branch in four clicks, masked, with a
line in that branch's audit; and the branch has the same figures on its own pages.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import taps
from tests.journeys.site import Site, until

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SOON = 30_000
Window = Callable[..., Page]


def test_from_the_map_to_one_overdue_ticket_in_four_clicks(site: Site, signed_in: Window) -> None:
    page = signed_in("hq", "hq", path="/hq/")
    until(lambda: branch_shows(page), seconds=180, what="a clock runs out at Ordos, and headquarters has counted it")
    with taps.budget(page, 4, "from the map to one overdue ticket"):
        page.locator("a.region-branch[aria-label^='鄂尔多斯']").click()
        page.wait_for_url("**/hq/kpi/open_overdue/?*branch=OR*")
        page.locator("#rows tbody a").first.click()
        page.wait_for_url("**grid=*")
        page.locator("#rows tbody a").first.click()
        page.wait_for_url("**/tickets/?*type_code=*")
        page.locator(".behind a.ticket-no").first.click()
        page.wait_for_url("**/hq/tickets/OR/**")
    number = page.locator("h1").inner_text()
    assert re.fullmatch(r"OR-\d{4}-\d{6}", number)
    it_is_masked(page)
    the_look_stands_in_the_branchs_audit(site, signed_in, number)


def branch_shows(page: Page) -> bool:
    page.reload()
    label = page.locator("a.region-branch[aria-label^='鄂尔多斯']").get_attribute("aria-label") or ""
    return not re.search(r"[:：]\s*0[,，]", label)


def it_is_masked(page: Page) -> None:
    """Neither a whole telephone number nor a door; nothing to press."""
    body = page.locator("main").inner_text()
    assert re.search(r"\d{3}\*{4}\d{4}", body)
    assert not re.search(r"(?<!\d)1\d{10}(?!\d)", body) and not re.search(r"\d+-\d+-\d{3}", body)
    expect(page.locator("main form, main button")).to_have_count(0)


def the_look_stands_in_the_branchs_audit(site: Site, signed_in: Window, number: str) -> None:
    keeper = signed_in("hq", "hqadmin", path=f"/hq/audit/?branch=OR&ticket={number}&what=view_ticket")
    line = keeper.locator("table.audit tbody tr").first
    expect(line).to_contain_text("headquarters.view_ticket", timeout=SOON)
    expect(line).to_contain_text("总部 周航")
    expect(line).to_contain_text(number)


def test_the_branch_reads_the_same_figures_on_its_own_pages(site: Site, signed_in: Window) -> None:
    theirs = signed_in("hq", "hq", path="/hq/kpi/ticket_volume/?branch=HL")
    ours = signed_in("hulunbuir", "admin", path="/console/reports/kpi/ticket_volume/")
    value = ".kpi-main dd"
    expect(ours.locator(value)).to_have_text(theirs.locator(value).inner_text(), timeout=SOON)
    assert ours.locator("#rows tbody tr").count() == theirs.locator("#rows tbody tr").count() > 0
    ours.goto(site.url("hulunbuir", "/console/reports/kpi/ticket_volume/?branch=XL"))
    expect(ours.locator(value)).to_have_text(theirs.locator(value).inner_text())


def test_pictures_of_headquarters_and_reports(site: Site, signed_in: Window, pictures) -> None:
    """For the docs; also that the charts are drawn."""
    page = signed_in("hq", "hq", path="/hq/")
    page.wait_for_selector("fs-chart canvas", timeout=SOON)
    page.screenshot(path=pictures / "headquarters.png", full_page=True)
    page.goto(site.url("hq", "/hq/kpi/on_time_rate/?mix=1"))
    page.wait_for_selector("fs-chart canvas", timeout=SOON)
    page.screenshot(path=pictures / "hq-kpi.png", full_page=True)
    own = signed_in("xilingol", "admin", path="/console/reports/")
    own.screenshot(path=pictures / "reports.png", full_page=True)
