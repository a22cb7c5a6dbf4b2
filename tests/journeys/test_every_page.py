"""Every page of every role, once: nothing grave for axe in light or dark, nothing cut, thumbs find their targets."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.journeys import phones
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
GRAVE = {"serious", "critical"}
STATES = ("pooled", "assigned", "accepted", "in_progress", "on_hold", "awaiting_callback", "closed", "void")
HELD = ("closed", "assigned", "on_hold", "in_progress", "accepted")
WECHAT = ("", "cards/", "menu/", "channels/", "deliveries/", "inbox/", "codes/", "people/", "me/")
POINTS = ("", "team/", "team/1/", "rules/", "rules/1/", "hours/")
HEADQUARTERS = (
    "wechat/", "wechat/1/", "handovers/", "settlement/?branch=ordos", "money/", "money/?branch=XL", "stock/",
    "stock/?branch=XL", "templates/",
)  # fmt: skip
SYSTEMS = ("", "deliveries/")
MONEY = (
    "settlement/", "settlement/2026-10/", "settlement/disputes/", "costs/", "costs/by/type/", "costs/budgets/",
    "costs/expenses/", "exports/", "handovers/",
)  # fmt: skip
CUSTOMERS = ("/h5/report", "/h5/mine", "/wx/phone", "/wx/data", "/wx/bind")
TECHNICIANS = (
    "/w/pool", "/w/mine", "/w/me", "/w/points", "/w/slips", "/w/hours", "/w/counts", "/w/handovers", "/wx/binding",
    "/wx/location",
)  # fmt: skip
DESK_WIDTHS, PHONE_WIDTHS, THUMB = (1440, 1024), (390, 320), 44
TAPPED = "a[href], button, select, summary, textarea, input.weui-input"
TOO_SMALL = """([tapped, thumb]) => Array.from(document.querySelectorAll(tapped))
  .filter(item => item.offsetParent && !item.disabled && !item.matches('.skip'))
  .map(item => [item.getBoundingClientRect(), item.innerText || item.getAttribute('aria-label') || item.name])
  .filter(([box]) => box.height < thumb - 0.5 || box.width < thumb - 0.5)
  .map(([box, name]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@dataclass(frozen=True)
class Sheet:
    """One page as one person sees it."""

    path: str
    phone: bool = False
    slug: str = "xilingol"


def test_every_page_can_be_read_by_everybody(site: Site, window: Window, signed_in: Window) -> None:
    """One window for each person; what is wrong is told for all pages together."""
    desk = signed_in("xilingol", "dispatcher")
    tickets = {state: one_in(desk, state) for state in STATES}
    wrong = list(looked_at(desk, site, [Sheet("/console/"), Sheet("/console/t/nothing/")]))
    wrong += looked_at(desk, site, [Sheet(f"/console/t/{ticket}/") for ticket in tickets.values()])
    wrong += looked_at(signed_in("xilingol", "clerk"), site, [Sheet("/console/new/"), Sheet("/console/callback/")])
    wrong += looked_at(signed_in("xilingol", "callback"), site, [Sheet("/console/callback/")])
    wrong += looked_at(signed_in("xilingol", "admin"), site, [Sheet("/console/settings/"), Sheet("/console/fairness/")])
    wrong += looked_at(signed_in("xilingol", "admin"), site, [Sheet(f"/console/wechat/{page}") for page in WECHAT])
    wrong += looked_at(signed_in("xilingol", "admin"), site, [Sheet(f"/console/points/{one}") for one in POINTS])
    wrong += looked_at(signed_in("xilingol", "admin"), site, [Sheet(f"/console/partners/{page}") for page in SYSTEMS])
    wrong += looked_at(signed_in("xilingol", "admin"), site, [Sheet(f"/console/{page}") for page in MONEY])
    wrong += looked_at_stock(signed_in("xilingol", "store"), site)
    wrong += looked_at(signed_in("hq", "hq"), site, [Sheet("/hq/", slug="hq")])
    wrong += looked_at(signed_in("hq", "hqadmin"), site, [Sheet(f"/hq/{one}", slug="hq") for one in HEADQUARTERS])
    wrong += looked_at(window(), site, [Sheet("/sign-in/"), Sheet("/styleguide/"), Sheet("/", slug="nobody")])
    wrong += looked_at(customer(site, window), site, [Sheet(path, True) for path in CUSTOMERS])
    for state in HELD:
        page = signed_in("xilingol", holder(desk, site, tickets[state]), phone=True)
        parts = ("", "/story", "/material")
        wrong += looked_at(page, site, [Sheet(f"/w/t/{tickets[state]}{part}", True) for part in parts])
        if state == "closed":
            wrong += looked_at(page, site, [Sheet(f"/w/points/{tickets[state]}", True)])
    wrong += looked_at(page, site, [Sheet(path, True) for path in TECHNICIANS])
    assert not wrong, "\n".join(sorted(set(wrong)))


def looked_at_stock(page: Page, site: Site) -> Iterator[str]:
    """The storekeeper's pages, with a document and an item of the demo."""
    page.goto(site.url("xilingol", "/console/stock/documents/"))
    paper = page.locator("#found .ticket-no").first.get_attribute("href") or ""
    page.goto(site.url("xilingol", "/console/stock/items/"))
    goods = page.locator("#found a.strong").first.get_attribute("href") or ""
    assert paper and goods, "the demo has documents and items"
    pages = (
        "items",
        "new-item",
        "places",
        "balances",
        "card",
        "documents",
        "counts",
        "documents/new/receipt",
        "bring/receipt",
    )
    listed = ["/console/stock/", *(f"/console/stock/{name}/" for name in pages)]
    yield from looked_at(page, site, [Sheet(path) for path in (*listed, paper, f"{paper}print/", goods)])


def looked_at(page: Page, site: Site, sheets: list[Sheet]) -> Iterator[str]:
    """What is wrong with these pages."""
    for sheet in sheets:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": (PHONE_WIDTHS if sheet.phone else DESK_WIDTHS)[0], "height": 900})
        page.goto(site.url(sheet.slug, sheet.path))
        yield from violations(page, f"{sheet.path} light")
        page.emulate_media(color_scheme="dark")
        yield from violations(page, f"{sheet.path} dark", {"runOnly": ["color-contrast"]})  # all that can differ
        yield from cut_or_small(page, sheet)


def violations(page: Page, where: str, options: dict[str, list[str]] | None = None) -> Iterator[str]:
    """Axe's grave ones, with the first element each."""
    page.wait_for_timeout(250)  # colours fade
    for found in Axe().run(page, options=options or {"resultTypes": ["violations"]}).response["violations"]:
        if found["impact"] in GRAVE:
            yield f"{where}: {found['id']} {json.dumps(found['nodes'][0]['html'], ensure_ascii=False)[:160]}"


def cut_or_small(page: Page, sheet: Sheet) -> Iterator[str]:
    """Wider than the window, or too small for a thumb."""
    for width in PHONE_WIDTHS if sheet.phone else DESK_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{sheet.path}: wider than {width} px"
        small = page.evaluate(TOO_SMALL, [TAPPED, THUMB]) if sheet.phone else []
        yield from (f"{sheet.path}: too small for a thumb: {one}" for one in small)


def one_in(page: Page, state: str) -> str:
    """A ticket in this state; the demo has one in each."""
    tabs = {"assigned": "pooled", "in_progress": "accepted", "on_hold": "accepted"}
    asked = f"/api/v1/tickets?tab={tabs.get(state, state)}&size=100"
    listed = page.evaluate("address => fetch(address).then(answer => answer.json())", asked)["results"]
    found = [ticket["public_id"] for ticket in listed if ticket["status"] == state]
    assert found, f"no ticket in state {state}"
    return str(found[0])


def holder(page: Page, site: Site, ticket: str) -> str:
    """The user name of the technician who holds it: the demo gives XL107 to tech07."""
    page.goto(site.url("xilingol", f"/console/t/{ticket}/"))
    found = re.search(r"XL1(\d\d)", page.locator("dl.kv").first.inner_text())
    assert found, ticket
    return f"tech{found[1]}"


def customer(site: Site, window: Window) -> Page:
    """A customer's phone that has come in through the service account's menu."""
    page = phones.hold(site, window(phone=True), "xilingol-visitor2")
    page.locator(".menu a", has_text="报修").first.click()
    page.wait_for_url("**/h5/report**")
    return page
