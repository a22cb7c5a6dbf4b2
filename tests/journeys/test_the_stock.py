"""A storekeeper's and a technician's days with two hundred boxes, in real windows: received by scan file, handed out,
sent to another store, installed, recovered, counted, scrapped; and every report says the same, to the unit and the fen.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import phones
from tests.journeys.people import Person
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG, CODE, COST = "ordos", "JBOX", 20_000
NAMES = ("store", "admin", "accountant", "clerk", "dispatcher", "tech02")
BOXES = [f"JB{number:04d}" for number in range(1, 201)]
HANDED, SENT = BOXES[:20], BOXES[20:30]
ARRIVED, SCRAPPED, OLD = SENT[:9], BOXES[30], "OLD0001"
SOON = 30_000


class Store:
    """The branch's people at the API, and the windows of three of them."""

    def __init__(self, site: Site, people: dict[str, Person], window: Callable[..., Page]) -> None:
        self.site, self.people = site, people
        self.keeper = window(SLUG, "store", path="/console/stock/")
        self.admin = window(SLUG, "admin", path="/console/stock/")
        self.books = window(SLUG, "accountant", path="/console/stock/")
        self.phone = window(SLUG, "tech02", path="/w/handovers", phone=True)
        self.van = ""

    def at(self, page: Page, path: str) -> Page:
        page.goto(self.site.url(SLUG, path))
        return page

    def ask(self, path: str, **query: str) -> Any:
        return self.people["accountant"].get(f"stock/{path}", **query)


@pytest.fixture
def store(site: Site, signed_in: Callable[..., Page]) -> Iterator[Store]:
    """With an item of its own, another store, and a van for who goes out."""
    with ExitStack() as stack:
        people = {name: stack.enter_context(Person(site, SLUG, name)) for name in NAMES}
        keeper = people["store"]
        told = {"name": "实验机顶盒", "category": "journey", "kind": "serialized", "unit": "台", "usual_cost": COST}
        keeper.put(f"stock/items/{CODE}", **told)
        keeper.must("stock/places", kind="store", code="east", name="东库", unit="root")
        found = Store(site, people, signed_in)
        technician = people["tech02"].me["technician"]["id"]
        found.van = keeper.must("stock/vans", technician_id=technician)["public_id"]
        yield found


def test_two_hundred_boxes_are_accounted_for_to_the_last_fen(store: Store) -> None:
    receive_by_file(store)
    hand_out(store)
    send_and_lose_one(store)
    tickets = [install(store, number) for number in HANDED[:3]]
    recover(store, tickets[2])
    for ticket in tickets:
        finish(store, ticket)
    count_the_van(store)
    scrap_one(store)
    everything_agrees(store, tickets)


def receive_by_file(store: Store) -> None:
    """Two hundred numbers, one below the other, as the scanner wrote them."""
    page = store.at(store.keeper, "/console/stock/bring/receipt/")
    page.select_option("#target", "main")
    page.fill("#item", CODE)
    content = "\n".join(BOXES).encode()
    page.set_input_files("#file", {"name": "scan.txt", "mimeType": "text/plain", "buffer": content})
    page.locator("form[action$='/bring/receipt/'] button.btn-primary").click()
    draft = page.locator("#progress a.btn-primary, a.btn-primary[href*='/documents/']").first
    draft.click(timeout=SOON)
    page.wait_for_url("**/documents/**")
    press(page, "post")
    shows(page, "posted")


def hand_out(store: Store) -> None:
    """The technician says that all of it is there."""
    number = write(store, "issue", store.van, HANDED)
    press(store.keeper, "ship")
    shows(store.keeper, "shipped")
    phone = store.at(store.phone, f"/w/handovers/{number}")
    phone.locator("form:has(input[name=all]) button").first.click()
    expect(phone.locator(".banner-good")).to_contain_text(number, timeout=SOON)


def send_and_lose_one(store: Store) -> None:
    """Nine of ten arrive; the tenth is a claim that the accountant writes off."""
    number = write(store, "transfer", "east", SENT)
    press(store.keeper, "ship")
    shows(store.keeper, "shipped")
    page = store.at(store.admin, f"/console/stock/documents/{number}/receive/")
    page.fill("#scanned", "\n".join(ARRIVED))
    page.locator("button[name=part]").click()
    yes(page)
    page.wait_for_url(f"**/documents/{number}/**", timeout=SOON)
    shows(page, "posted")
    claim = page.locator("dl.kv a[href*='/documents/']").last.get_attribute("href") or ""
    settle(store, claim)


def install(store: Store, number: str) -> str:
    """One box on one ticket, from the own van; the ticket's public id."""
    made = store.people["clerk"].open_ticket(address=f"东胜 天骄路 {number}", phone=f"1277{int(number[2:]):07d}")
    name: str = made["public_id"]
    technician = store.people["tech02"].me["technician"]["id"]
    do(store, "dispatcher", "dispatch", name, technician_id=technician, reason="nearest")
    if store.people["tech02"].get(f"tickets/{name}")["status"] == "assigned":
        do(store, "tech02", "confirm", name)
    phone = store.at(store.phone, f"/w/t/{name}/material")
    phone.fill("#number", number)
    phone.locator("form:has(#number) .weui-cell__ft button").click()
    expect(phone.locator(".banner-good")).to_be_visible(timeout=SOON)
    expect(phone.locator("body")).to_contain_text(number)
    return name


def recover(store: Store, ticket: str) -> None:
    """The customer's old box comes back; it works."""
    phone = store.at(store.phone, f"/w/t/{ticket}/material")
    if not phone.locator("#old").is_visible():
        phone.locator("details:has(#old) summary").click()
    phone.fill("#old", OLD)
    phone.select_option("#kind", CODE)
    phone.locator("label[for=condition-good]").click()
    phone.locator("form:has(#old) button.act-main").click()
    expect(phone.locator(".banner-good")).to_be_visible(timeout=SOON)


def finish(store: Store, ticket: str) -> None:
    phones.work_and_complete(store.at(store.phone, f"/w/t/{ticket}"))


def count_the_van(store: Store) -> None:
    """Opened at the desk, counted blind by phone, decided by who took no part."""
    page = store.at(store.keeper, "/console/stock/counts/")
    page.select_option("#n-place", store.van)
    page.locator("form[action$='/counts/new/'] button").click()
    page.wait_for_url(re.compile(r"/counts/[A-Z]+-[\d-]+/"))
    number = named(page.url)
    phone = store.at(store.phone, f"/w/counts/{number}")
    assert "17" not in phone.locator(".count-shelves").inner_text(), "who counts does not see what the books say"
    phone.locator("details:has(#numbers) summary").click()
    phone.fill("#numbers", "\n".join([*HANDED[3:], OLD]))
    phone.locator("form:has(#numbers) button.act-main").click()
    expect(phone.locator("[data-counted]").first).to_have_text("18", timeout=SOON)
    page.reload()
    page.locator("form[action$='/close/'] button").click()
    page.wait_for_load_state("networkidle")
    decide = store.at(store.books, f"/console/stock/counts/{number}/")
    decide.locator("form[action$='/approve/'] button").click()
    yes(decide)
    decide.wait_for_load_state("networkidle")
    assert store.ask("reports/accuracy")["figure"] is not None


def scrap_one(store: Store) -> None:
    """Written by one, agreed by another, posted."""
    write(store, "scrap", "", [SCRAPPED])
    press(store.keeper, "submit")
    shows(store.keeper, "submitted")
    settle(store, store.keeper.url)


def settle(store: Store, address: str) -> None:
    """The accountant agrees, the storekeeper posts."""
    number = named(address)
    page = store.at(store.books, f"/console/stock/documents/{number}/")
    press(page, "approve")
    shows(page, "approved")
    page = store.at(store.keeper, f"/console/stock/documents/{number}/")
    press(page, "post")
    shows(page, "posted")


def everything_agrees(store: Store, tickets: list[str]) -> None:
    """Two hundred and one numbers: where each lies, what the shelves say, what the money says."""
    shelves = {one["place"]["code"]: Decimal(one["quantity"]) for one in store.ask(f"items/{CODE}/balances")["results"]}
    assert {code: shelves[code] for code in ("main", "east", store.van)} == {"main": 169, "east": 9, store.van: 18}
    assert shelves["scrap"] == 1 and shelves.get("in_transit", 0) == 0
    for code in ("main", "east", store.van):
        card = store.ask("card", place=code, item=CODE)
        assert Decimal(card["lines"][-1]["balance"]) == shelves[code]
    lost, scrapped = COST, losses(store)["scrap"]
    used = sum(row["value"] for row in rows(store, "by_item") if row["item"] == "实验机顶盒")
    assert losses(store)["claim"] == lost
    worth = sum(row["value"] for row in rows(store, "ageing") if row["item"] == "实验机顶盒")
    refurbished = COST * 30 // 100
    assert worth == 200 * COST - lost - used - scrapped + refurbished
    assert sum(Decimal(row["quantity"]) for row in rows(store, "ageing") if row["item"] == "实验机顶盒") == 196
    assert {one["tickets"] for one in rows(store, "by_item") if one["item"] == "实验机顶盒"} == {3}
    assert [row["units"] for row in rows(store, "recovery") if row["outcome"] == "good"] == [1]
    for number, where in ((HANDED[0], "customer"), (SENT[9], "loss"), (OLD, store.van), (SCRAPPED, "scrap")):
        [life] = store.ask(f"serials/{number}")["results"]
        assert life["place"]["code"] == where, number
    life = store.at(store.keeper, f"/console/stock/serials/{HANDED[0]}/")
    expect(life.locator(f"a[href*='/t/{tickets[0]}']").first).to_be_visible()


def rows(store: Store, report: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = store.ask(f"reports/{report}")["rows"]
    return found


def losses(store: Store) -> dict[str, int]:
    return {row["kind"]: row["value"] for row in rows(store, "losses")}


def write(store: Store, kind: str, target: str, numbers: list[str]) -> str:
    """A document by hand, its numbers scanned into the list; its own number."""
    page = store.at(store.keeper, f"/console/stock/documents/new/{kind}/")
    page.select_option("#source", "main")
    if target:
        page.select_option("#target", target)
    line = page.locator("[data-line]").first
    line.locator("[data-item]").fill(CODE)
    line.locator("[data-item]").press("Tab")
    line.locator("textarea").fill("\n".join(numbers))
    page.locator("button.btn-lg[value=save]").click()
    page.wait_for_url(re.compile(r"/documents/[A-Z]+-[\d-]+/"), timeout=SOON)
    return named(page.url)


def named(address: str) -> str:
    """The number a document's or a count's page is called by."""
    return address.split("?")[0].rstrip("/").rsplit("/", 1)[1]


def press(page: Page, step: str) -> None:
    """One of the document's buttons, with its question answered."""
    button = page.locator(f"form[action$='/{step}/'] button").first
    asks = button.get_attribute("data-confirm")
    button.click()
    if asks:
        yes(page)
    page.wait_for_load_state("networkidle")


def yes(page: Page) -> None:
    page.locator("fs-dialog [data-yes]").last.click()


def shows(page: Page, state: str) -> None:
    """How far the document is, as its page says."""
    words = {"posted": "已过账", "shipped": "在途", "approved": "已审批", "submitted": "待审批"}
    expect(page.locator(".page-head")).to_contain_text(re.compile(words[state]), timeout=SOON)


def do(store: Store, who: str, action: str, ticket: str, **body: Any) -> None:
    person = store.people[who]
    person.must(f"tickets/{ticket}/{action}", version=person.get(f"tickets/{ticket}")["version"], **body)
