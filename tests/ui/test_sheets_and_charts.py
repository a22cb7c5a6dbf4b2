"""Tables that are typed into like a spreadsheet, and charts that draw what a table says and nothing else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from infra.local.paths import VENDOR
from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until, watched_page

pytestmark = pytest.mark.journey
SHEET = """<script type="module" src="/static/ui/js/fs-sheet.js"></script>
<form id="f" action="/keep"><fs-sheet><table><tbody>
<tr><th>a</th><td><input id="a1" value="12"></td><td><input id="a2"></td></tr>
<tr><th>b</th><td><input id="b1"></td><td><input id="b2"></td></tr>
</tbody></table></fs-sheet><button>Keep</button></form>"""
CHART = """<script type="module" src="/static/ui/js/fs-chart.js"></script>
<fs-chart data-from="t" data-library="/charts.js" data-label="Money"></fs-chart>
<table id="t"><tbody>
<tr><th>January</th><td data-series="Labour" data-value="1000">10</td>
<td data-series="Fees" data-kind="line" data-value="500">5</td></tr>
<tr><th>February</th><td data-series="Labour" data-value="2000">20</td>
<td data-series="Fees" data-kind="line" data-value="0">0</td></tr>
</tbody></table>"""
PASTE = """(() => { const data = new DataTransfer(); data.setData("text", "1,000.50\\t2\\t9\\n¥3\\t4\\n5\\t6\\n");
const how = { clipboardData: data, bubbles: true, cancelable: true };
document.activeElement.dispatchEvent(new ClipboardEvent("paste", how)); })()"""
DRAWN = "document.querySelector('fs-chart').chart.getOption().series.map((one) => [one.name, one.type, one.data])"
TALL = "document.querySelector('fs-chart').style.cssText = 'display:block;width:600px;height:300px'"


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.more["/charts.js"] = "text/javascript", (VENDOR / "echarts" / "charts.js").read_text()
        yield world


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = watched_page(browser)
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def shown(page: Page, world: StandIn, body: str, element: str) -> None:
    world.body = body
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    until(page, f"customElements.get('{element}') !== undefined")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_arrows_and_enter_go_from_cell_to_cell_and_send_nothing(page: Page, world: StandIn) -> None:
    shown(page, world, SHEET, "fs-sheet")
    page.focus("#a1")
    for key, where in (("ArrowRight", "a2"), ("Enter", "b2"), ("Enter", "b2"), ("ArrowLeft", "b1"), ("ArrowUp", "a1")):
        page.keyboard.press(key)
        assert focused(page) == where, key
    assert world.posts == [] and page.url.endswith("/")


def test_inside_a_number_the_arrows_stay_in_it(page: Page, world: StandIn) -> None:
    shown(page, world, SHEET, "fs-sheet")
    page.focus("#a1")
    page.evaluate("document.getElementById('a1').setSelectionRange(1, 1)")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "a1"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "a2"


def test_a_block_from_a_spreadsheet_fills_as_many_cells_as_it_has(page: Page, world: StandIn) -> None:
    shown(page, world, SHEET, "fs-sheet")
    page.focus("#a1")
    page.evaluate(PASTE)
    values = page.evaluate("Array.from(document.querySelectorAll('input')).map((one) => one.value)")
    assert values == ["1000.50", "2", "3", "4"]


def test_a_chart_draws_its_table_and_leaves_it_there(page: Page, world: StandIn) -> None:
    shown(page, world, CHART, "fs-chart")
    page.evaluate(TALL)
    until(page, "document.querySelector('fs-chart canvas') !== null")
    assert page.get_attribute("fs-chart", "role") == "img" and page.get_attribute("fs-chart", "aria-label") == "Money"
    assert page.locator("#t tbody tr").count() == 2
    assert page.evaluate(DRAWN) == [["Labour", "bar", [10, 20]], ["Fees", "line", [5, 0]]]


def test_without_its_library_the_chart_goes_and_the_table_stays(page: Page, world: StandIn) -> None:
    shown(page, world, CHART.replace("/charts.js", "/nothing.js"), "fs-chart")
    until(page, "document.querySelector('fs-chart') === null")
    assert page.locator("#t tbody tr").count() == 2


def test_a_table_without_numbers_draws_nothing_and_fetches_nothing(page: Page, world: StandIn) -> None:
    shown(page, world, CHART.replace("data-series", "data-none"), "fs-chart")
    page.wait_for_timeout(200)
    assert page.locator("fs-chart canvas").count() == 0 and not any("charts.js" in one for one in world.requests)
