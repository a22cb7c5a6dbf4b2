"""核定: the demo's last month goes from its price to the payroll, with one dispute won and one lost, in real windows;
and what the profit page says of it agrees with the payroll's points, the stock ledger and the fees, to the fen.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from steppe.kernel.clock import BUSINESS_ZONE
from tests.journeys.people import Person
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG = "ordos"
HANDS = [f"tech{number:02d}" for number in range(1, 9)]
LEADERS = ("tech01", "tech05", "tech06")
WINS, LOSES, LEADS = "tech02", "tech03", "tech01"
SOON = 60_000
# What other rooms' tables say of the month's tickets, asked in plain SQL.
SUMS = """
import json
from django.db import connection
from tenants.context import in_branch
from tenants.models import Tenant
with in_branch(Tenant.objects.get(slug='{slug}')), connection.cursor() as c:
    c.execute("SELECT public_id, id FROM tickets_ticket WHERE status = 'closed' AND to_char(closed_at AT TIME ZONE "
              "'Asia/Shanghai', 'YYYY-MM') = '{month}'")
    tickets = dict(c.fetchall())
    c.execute("SELECT coalesce(sum(amount_fen), 0) FROM tickets_charge WHERE ticket_id = ANY (%s)",
              [list(tickets.values())])
    fees = c.fetchone()[0]
    c.execute("SELECT coalesce(-sum(m.value), 0) FROM inventory_movement m JOIN inventory_entry e ON e.id = m.entry_id "
              "WHERE e.ticket = ANY (%s)", [list(tickets)])
    material = c.fetchone()[0]
    c.execute("SELECT points::text, kind FROM costing_workpointentry WHERE period = '{month}' AND stage = 'earned' "
              "AND ticket = ANY (%s)", [list(tickets)])
    points = c.fetchall()
print(json.dumps({{'tickets': len(tickets), 'fees': int(fees), 'material': int(material), 'points': points}}))
"""


def last_month() -> str:
    first = datetime.now(BUSINESS_ZONE).replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


class Month:
    """The branch's people at the API, and windows of those who act on pages."""

    def __init__(self, site: Site, people: dict[str, Person], window: Callable[..., Page]) -> None:
        self.site, self.people, self.window, self.name = site, people, window, last_month()
        self.path = f"/console/settlement/{self.name}/"
        self.books = window(SLUG, "accountant", path=self.path)

    def at(self, page: Page, path: str) -> Page:
        page.goto(self.site.url(SLUG, path))
        return page

    def get(self, path: str = "", who: str = "accountant", **query: str) -> Any:
        return self.people[who].get(f"settlement/months/{self.name}{path}", **query)

    def say(self, who: str, step: str, **told: object) -> bool:
        """A step at the API; False where it is not this person's now."""
        version = self.get()["period"]["row_version"]
        return self.people[who].post(f"settlement/months/{self.name}/{step}", version=version, **told).is_success

    @property
    def state(self) -> str:
        return str(self.get()["period"]["state"])


@pytest.fixture
def month(site: Site, signed_in: Callable[..., Page]) -> Iterator[Month]:
    """The demo's books are kept up to now."""
    site.manage("keep_demo_books", SLUG)
    with ExitStack() as stack:
        names = ("accountant", "manager", "admin", *HANDS)
        people = {name: stack.enter_context(Person(site, SLUG, name)) for name in names}
        yield Month(site, people, signed_in)


def test_a_month_is_settled_from_its_price_to_the_payroll(month: Month) -> None:
    price_and_calculate(month)
    publish(month)
    dispute_and_win(month)
    dispute_and_lose(month)
    everybody_agrees(month)
    three_look(month)
    approve_and_lock(month)
    payroll_says_what_the_page_says(month)
    profit_agrees(month)


def price_and_calculate(month: Month) -> None:
    page = month.books
    page.locator("label:has(input[name=mode][value=fixed])").click()
    page.fill("#f-price", "3.50")
    page.locator("form[action$='/terms/'] button").click()
    page.wait_for_load_state("networkidle")
    press(page, "calculate")
    expect(page.locator("form[action$='/publish/'] button")).to_be_visible(timeout=SOON)
    lines = month.get("/lines")["results"]
    assert len(lines) >= len(HANDS) and all(one["pay_fen"] >= one["guarantee_fen"] for one in lines)


def publish(month: Month) -> None:
    press(month.books, "publish")
    expect(month.books.locator("ol.settle-road li.is-here")).to_contain_text("公示", timeout=SOON)
    assert month.state == "published"


def dispute_and_win(month: Month) -> None:
    before = line_of(month, WINS)["points"]
    say_it_is_wrong(month, WINS, "那天雪大路远", "1.5")
    answer(month, LEADS, grant=True, text="属实，补记", points="1.5")
    assert float(line_of(month, WINS)["points"]) == pytest.approx(float(before) + 1.5)


def dispute_and_lose(month: Month) -> None:
    before = line_of(month, LOSES)["points"]
    phone = say_it_is_wrong(month, LOSES, "应该算两次", "5")
    answer(month, LEADS, grant=False, text="只去了一次", points="")
    month.at(phone, f"/w/slips/{month.name}")
    phone.locator("details.slip-more:has(textarea[id^=appeal]) summary").click()
    phone.locator("textarea[id^=appeal]").fill("去了两次，有签到")
    phone.locator("form:has(input[value=appeal]) button.act-main").click()
    phone.wait_for_url("**done=appeal")
    answer(month, "manager", grant=False, text="签到只有一次", points="")
    assert line_of(month, LOSES)["points"] == before
    month.at(phone, f"/w/slips/{month.name}")
    expect(phone.locator(".slip-dispute")).to_contain_text("签到只有一次")


def say_it_is_wrong(month: Month, who: str, why: str, points: str) -> Page:
    """On the phone, about the first entry of the statement."""
    phone = month.window(SLUG, who, path=f"/w/slips/{month.name}", phone=True)
    entry = phone.locator("details:has(details input[name=entry]:not([value='']))").first
    entry.locator("summary").first.click()
    first = entry.locator("details:has(input[name=entry])").first
    first.locator("summary").click()
    first.locator("textarea[name=text]").fill(why)
    first.locator("input[name=wanted]").fill(points)
    first.locator("button.act-main").click()
    phone.wait_for_url("**done=dispute")
    return phone


def answer(month: Month, who: str, *, grant: bool, text: str, points: str) -> None:
    """At the desk: the list of what waits, the dispute, the word."""
    page = month.window(SLUG, who, path="/console/settlement/disputes/")
    page.locator("a[href*='/console/settlement/disputes/']:not([href$='/disputes/'])").first.click()
    page.fill("#f-text", text)
    if points:
        page.fill("#f-points", points)
    page.locator(f"button[name=grant][value='{int(grant)}']").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#f-text")).to_have_count(0, timeout=SOON)


def everybody_agrees(month: Month) -> None:
    """One on the phone's page, the others at the API; confirmed is said on the page of the month."""
    phone = month.window(SLUG, WINS, path=f"/w/slips/{month.name}", phone=True)
    button = phone.locator("form:has(input[value=confirm]) button")
    button.click()
    yes(phone)
    phone.wait_for_url("**done=confirm")
    for who in (set(HANDS) - {WINS}) & with_line(month):
        month.people[who].post(f"settlement/mine/{month.name}/confirm")
    assert {one["state"] for one in month.get("/lines")["results"] if one["name"] in names(month)} == {"confirmed"}


def three_look(month: Month) -> None:
    """Leaders, the manager, the accountant; where the line is a leader's own, the one above."""
    for level, lookers in (
        ("grid_leader", (*LEADERS, "manager")), ("dept_manager", ("manager", "admin")),
        ("accountant", ("accountant", "admin")),
    ):  # fmt: skip
        looked = [month.say(who, "review", level=level) for who in lookers]
        assert any(looked), level
    assert month.state == "reviewed"


def approve_and_lock(month: Month) -> None:
    page = month.window(SLUG, "admin", path=month.path)
    press(page, "approve")
    press(page, "lock")
    expect(page.locator(".settle-hash")).to_be_visible(timeout=SOON)
    assert month.state == "locked"


def payroll_says_what_the_page_says(month: Month) -> None:
    page = month.at(month.books, month.path)
    with page.expect_download(timeout=SOON) as found:
        page.locator("form[action$='/export/']:has(input[value=xlsx]) button").click()
    sheet = load_workbook(io.BytesIO(found.value.path().read_bytes())).worksheets[0]
    cells = [value for row in sheet.iter_rows(values_only=True) for value in row]
    lines = month.get("/lines")["results"]
    for one in lines:
        assert one["name"] in cells and one["pay_fen"] / 100 in [float(v) for v in cells if _is_number(v)]
    total = sum(one["pay_fen"] for one in lines) / 100
    assert any(float(value) == pytest.approx(total) for value in cells if _is_number(value))
    assert month.get()["period"]["lines_hash"] in str(cells)
    assert month.state == "exported"


def profit_agrees(month: Month) -> None:
    """The whole month, and each way down to the same."""
    said = json.loads(month.site.manage("shell", "-v", "0", "-c", SUMS.format(slug=SLUG, month=month.name)))
    found = [
        month.people["accountant"].get(f"costs/by/{way}", month=month.name) for way in ("type", "grid", "technician")
    ]
    total = found[0]["total"]["money"]
    assert total["revenue"] == said["fees"] > 0
    assert total["elements"]["material"] == said["material"] > 0
    assert total["elements"]["labour"] == labour(month, said["points"]) > 0
    for one in found:
        for what in ("cost", "revenue"):
            assert sum(row["money"][what] for row in one["rows"]) == total[what], what
    page = month.at(month.books, f"/console/costs/?month={month.name}")
    expect(page.locator("main")).to_contain_text(f"{total['revenue'] / 100:,.2f}")


def labour(month: Month, points: list[tuple[str, str]]) -> int:
    """Each entry at the planned price of the rules, rounded by itself (domain.md §7)."""
    rates = month.people["accountant"].get("points/rules/1")["body"]["rates"]
    price = Decimal(rates["point_fen"]) * (1 + Decimal(rates["on_cost"]))
    worked = [Decimal(one) for one, kind in points if kind != "deduction"]
    return sum(int((one * price).quantize(Decimal(1), rounding=ROUND_HALF_UP)) for one in worked)


def line_of(month: Month, who: str) -> dict[str, Any]:
    technician = month.people[who].me["technician"]["id"]
    return next(one for one in month.get("/lines")["results"] if one["technician_id"] == technician)


def with_line(month: Month) -> set[str]:
    ids = {one["technician_id"] for one in month.get("/lines")["results"]}
    return {who for who in HANDS if month.people[who].me["technician"]["id"] in ids}


def names(month: Month) -> set[str]:
    return {month.people[who].me["name"] for who in HANDS}


def press(page: Page, step: str) -> None:
    button = page.locator(f"form[action$='/{step}/'] button").first
    asks = button.get_attribute("data-confirm")
    button.click()
    if asks:
        yes(page)
    page.wait_for_load_state("networkidle")


def yes(page: Page) -> None:
    page.locator("fs-dialog [data-yes]").last.click()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or bool(re.fullmatch(r"-?\d+(\.\d+)?", str(value or "")))
