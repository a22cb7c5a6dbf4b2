"""Headquarters looks at its branches: from the map to one overdue ticket of one branch in four clicks, masked, with a
line in that branch's audit; the month goes away in every format and by the feed with the page's own sums; and the
branch has the same figures on its own pages.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from apps.costing.rules.periods import bounds, period_of, preceding
from apps.exports.writers import FORMS
from apps.headquarters.services.taking_away import TABLE
from steppe.kernel import clock
from tests.exports.opened import opened_as
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


def test_the_month_goes_away_in_every_format_and_by_the_feed_with_the_sums_of_the_page(
    site: Site, signed_in: Window
) -> None:
    page = signed_in("hq", "hq", path=f"/hq/kpi/ticket_volume/?{last_month('from', 'to')}")
    rows = page.locator("#rows tbody tr").all()
    shown = {row.locator("th").inner_text(): whole(row.locator("td").first) for row in rows}
    total = whole(page.locator(".kpi-main dd"))
    assert sum(shown.values()) == total > 0
    page.goto(site.url("hq", f"/hq/kpi/?{last_month('from', 'to')}"))
    for form in FORMS:
        with page.expect_download() as coming:
            page.locator(f"a[href*='/hq/kpi/file/{form}/']").click()
        assert volumes(form, coming.value.path()) == sorted([*shown.values(), total]), form
    sheet: Counter[str] = Counter()
    for row in fed(site, new_token(page, site)):
        sheet[row["branch_code"]] += row["volume"]
    assert sorted(sheet.values()) == sorted(shown.values())


def last_month(*names: str) -> str:
    start, end = bounds(preceding(period_of(clock.now())))
    days = (one.astimezone(clock.BUSINESS_ZONE).date().isoformat() for one in (start, end - timedelta(days=1)))
    return "&".join(f"{name}={day}" for name, day in zip(names, days, strict=True))


def whole(cell: Any) -> int:
    return int(cell.inner_text().replace(",", ""))


def volumes(form: str, path: Path) -> list[int]:
    """The tickets opened, of every branch and of all together, as an independent reader of the format finds them."""
    if form == "pdf":
        paper = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        return sorted(int(one.replace(",", "")) for one in re.findall(r"ticket_volume\D+?([\d,]+)\.00", paper))
    kinds = {column.code: column.kind for column, _cell in TABLE}
    rows = opened_as(form, path.read_bytes(), kinds)
    return sorted(int(row[4]) for row in rows if row[2] == "ticket_volume")


def new_token(page: Page, site: Site) -> str:
    page.goto(site.url("hq", "/hq/connect/"))
    page.fill("#t-title", "总部的表格")
    page.locator("form[action$='/tokens/'] button, .doors-row button").first.click()
    return page.locator(".doors-shown .doors-secret").inner_text()


def fed(site: Site, token: str) -> Iterator[dict[str, Any]]:
    """Every row of the month's facts, page after page, as a spreadsheet asks for them."""
    first, last = (part.split("=")[1] for part in last_month("from", "to").split("&"))
    wanted = {"$filter": f"business_day ge {first} and business_day le {last}", "$select": "branch_code,volume"}
    host = f"hq.localhost:{site.env['STEPPE_WEB_PORT']}"
    address = httpx.URL(site.url("hq", "/odata/v4/DailyFacts"), params=wanted)
    with httpx.Client(auth=("reports", token), headers={"Host": host}, timeout=30) as tool:
        while True:
            answer = tool.get(address.copy_with(host="127.0.0.1")).raise_for_status().json()
            yield from answer["value"]
            if not (more := answer.get("@odata.nextLink")):
                return
            address = httpx.URL(more)


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
