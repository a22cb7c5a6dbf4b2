"""Every page of every role at a desk, once (sheets.py says what is asked of each)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from apps.costing.rules.periods import period_of, preceding
from steppe.kernel import clock
from tests.journeys.sheets import Sheet, check, in_english, on_paper, one_in
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
STATES = ("pooled", "assigned", "accepted", "in_progress", "on_hold", "awaiting_callback", "closed", "void")
WECHAT = ("", "cards/", "menu/", "channels/", "deliveries/", "inbox/", "codes/", "people/", "me/")
POINTS = ("", "team/", "team/1/", "rules/", "rules/1/", "hours/")
LAST_MONTH = preceding(period_of(clock.now()))  # whole in the demo
MONEY = (
    "settlement/", f"settlement/{LAST_MONTH}/", "settlement/disputes/", "costs/", "costs/by/type/", "costs/budgets/",
    "costs/expenses/", "exports/", "exports/schedules/", "handovers/",
)  # fmt: skip
STOCK = (
    "", "items/", "new-item/", "places/", "balances/", "card/", "documents/", "counts/", "documents/new/receipt/",
    "bring/receipt/",
)  # fmt: skip
REPORTS = ("", "figures/", "kpi/csat/", "kpi/ticket_volume/tickets/", f"work/?from={LAST_MONTH}&to={LAST_MONTH}")
# Who looks at what, below which address.
BRANCH = {
    "dispatcher": ("/console/", ("", "t/nothing/")),
    "clerk": ("/console/", ("new/", "new/import/", "callback/")),
    "callback": ("/console/", ("callback/",)),
    "admin": ("/console/", ("settings/", "fairness/")),
    "admin and WeChat": ("/console/wechat/", WECHAT),
    "admin and points": ("/console/points/", POINTS),
    "admin and systems": ("/console/partners/", ("", "deliveries/")),
    "admin and money": ("/console/", MONEY),
    "admin and reports": ("/console/reports/", REPORTS),
    "store": ("/console/stock/", STOCK),
}
HEADQUARTERS = {
    "hq": ("", "handovers/?tab=open"),
    "hqadmin": ("wechat/", "wechat/1/", "handovers/", "settlement/?branch=ordos", "templates/"),
    "hqadmin and KPIs": (
        "",
        "branches/XL/",
        "kpi/",
        "kpi/csat/?mix=1",
        "kpi/ticket_volume/?by=day",
        "kpi/ticket_volume/tickets/",
        "audit/?branch=XL",
    ),
    "hqadmin and months": ("money/", "money/?branch=XL", "stock/", "stock/?branch=XL"),
}


# Pages of figures: what is printed and taken to a meeting, and what headquarters' guests read in English.
FIGURES = (
    "", "branches/HL/", "kpi/", "kpi/load_gini/", "kpi/on_time_rate/?branch=XL", "kpi/ticket_volume/tickets/",
    "money/", "stock/", "audit/?branch=XL",
)  # fmt: skip


@pytest.mark.parametrize("who", BRANCH)
def test_every_page_of_a_branch_can_be_read(site: Site, signed_in: Window, who: str) -> None:
    below, pages = BRANCH[who]
    check(signed_in("xilingol", who.split()[0]), site, [Sheet(f"{below}{page}") for page in pages])


@pytest.mark.parametrize("who", HEADQUARTERS)
def test_every_page_of_headquarters_can_be_read(site: Site, signed_in: Window, who: str) -> None:
    check(signed_in("hq", who.split()[0]), site, [Sheet(f"/hq/{page}", slug="hq") for page in HEADQUARTERS[who]])


def test_figures_can_be_printed_and_read_in_english(site: Site, signed_in: Window) -> None:
    sites = {
        "hq": (signed_in("hq", "hqadmin"), [Sheet(f"/hq/{page}", slug="hq") for page in FIGURES]),
        "xilingol": (signed_in("xilingol", "admin"), [Sheet(f"/console/reports/{page}") for page in REPORTS]),
    }
    wrong = [
        one for page, sheets in sites.values() for look in (on_paper, in_english) for one in look(page, site, sheets)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_ticket_can_be_read_as_headquarters_sees_it(site: Site, signed_in: Window) -> None:
    page = signed_in("hq", "hq")
    page.goto(site.url("hq", "/hq/kpi/ticket_volume/tickets/"))
    address = page.locator(".behind a.ticket-no").first.get_attribute("href") or ""
    assert address, "the demo has tickets that were counted"
    check(page, site, [Sheet(address, slug="hq")])


def test_a_ticket_can_be_read_in_every_state(site: Site, signed_in: Window) -> None:
    desk = signed_in("xilingol", "dispatcher")
    check(desk, site, [Sheet(f"/console/t/{one_in(desk, state)}/") for state in STATES])


def test_goods_and_their_papers_can_be_read(site: Site, signed_in: Window) -> None:
    page = signed_in("xilingol", "store")
    page.goto(site.url("xilingol", "/console/stock/documents/"))
    paper = page.locator("#found .ticket-no").first.get_attribute("href") or ""
    page.goto(site.url("xilingol", "/console/stock/items/"))
    goods = page.locator("#found a.strong").first.get_attribute("href") or ""
    assert paper and goods, "the demo has documents and items"
    check(page, site, [Sheet(path) for path in (paper, f"{paper}print/", goods)])


def test_who_has_not_signed_in_can_read_what_there_is(site: Site, window: Window) -> None:
    check(window(), site, [Sheet("/sign-in/"), Sheet("/styleguide/"), Sheet("/", slug="nobody")])
