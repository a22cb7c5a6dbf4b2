"""What the journeys over all pages ask of each: nothing grave for axe, light or dark, nothing cut, room for thumbs."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.journeys.site import Site

GRAVE = {"serious", "critical"}
DESK_WIDTHS, PHONE_WIDTHS, THUMB = (1440, 1024), (390, 320), 44
TAPPED = "a[href], button, select, summary, textarea, input.weui-input"
TOO_SMALL = """([tapped, thumb]) => Array.from(document.querySelectorAll(tapped))
  .filter(item => item.offsetParent && !item.disabled && !item.matches('.skip'))
  .map(item => [item.getBoundingClientRect(), item.innerText || item.getAttribute('aria-label') || item.name])
  .filter(([box]) => box.height < thumb - 0.5 || box.width < thumb - 0.5)
  .map(([box, name]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""

A4 = 718  # pixels between the margins of an upright page
SPEAK_ENGLISH = """() => { const english = document.querySelector("button[name=language][value=en]");
  english.closest("form").requestSubmit(english) }"""
CUT_HEADS = """Array.from(document.querySelectorAll("main thead th"))
  .filter(head => head.offsetParent && head.scrollWidth > head.clientWidth + 1).map(head => head.innerText)"""

# Colours fade, on a busy machine for longer than anybody would wait: a fade that has begun is brought to its end.
SETTLED = """document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)
  .forEach(one => one.finish())"""


@dataclass(frozen=True)
class Sheet:
    """One page as one person sees it."""

    path: str
    phone: bool = False
    slug: str = "xilingol"


def check(page: Page, site: Site, sheets: Iterable[Sheet]) -> None:
    """What is wrong is told for all of them together."""
    wrong = sorted(set(looked_at(page, site, sheets)))
    assert not wrong, "\n".join(wrong)


def looked_at(page: Page, site: Site, sheets: Iterable[Sheet]) -> Iterator[str]:
    """What is wrong with these pages."""
    for sheet in sheets:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": (PHONE_WIDTHS if sheet.phone else DESK_WIDTHS)[0], "height": 900})
        page.goto(site.url(sheet.slug, sheet.path))
        yield from violations(page, f"{sheet.path} light")
        page.emulate_media(color_scheme="dark")
        yield from violations(page, f"{sheet.path} dark", {"runOnly": ["color-contrast"]})  # all that can differ
        yield from cut_or_small(page, sheet)


def on_paper(page: Page, site: Site, sheets: Iterable[Sheet]) -> Iterator[str]:
    """What is wrong when they are printed, by somebody who looks on in the dark: paper is white and has an end."""
    for sheet in sheets:
        page.set_viewport_size({"width": A4, "height": 1000})
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(site.url(sheet.slug, sheet.path))
        yield from violations(page, f"{sheet.path} on paper", {"runOnly": ["color-contrast"]})
        if not fits(page):
            yield f"{sheet.path}: wider than paper"
    page.emulate_media(media="screen")


def in_english(page: Page, site: Site, sheets: Iterable[Sheet]) -> Iterator[str]:
    """What is wrong in English, whose words are longer: the window's width, and heads of a column in the next one."""
    with page.expect_navigation():
        page.evaluate(SPEAK_ENGLISH)
    for sheet in sheets:
        page.goto(site.url(sheet.slug, sheet.path))
        assert page.locator("html").get_attribute("lang") == "en"
        for width in (*DESK_WIDTHS, PHONE_WIDTHS[0]):
            page.set_viewport_size({"width": width, "height": 900})
            if not fits(page):
                yield f"{sheet.path}: wider than {width} px in English"
            yield from (f"{sheet.path}: head cut at {width} px: {head}" for head in page.evaluate(CUT_HEADS))


def violations(page: Page, where: str, options: dict[str, list[str]] | None = None) -> Iterator[str]:
    """Axe's grave ones, with the first element each."""
    page.wait_for_timeout(100)  # what scripts still put there
    page.evaluate(SETTLED)
    for found in Axe().run(page, options=options or {"resultTypes": ["violations"]}).response["violations"]:
        if found["impact"] in GRAVE:
            yield f"{where}: {found['id']} {json.dumps(found['nodes'][0]['html'], ensure_ascii=False)[:160]}"


def cut_or_small(page: Page, sheet: Sheet) -> Iterator[str]:
    """Wider than the window, or too small for a thumb."""
    for width in PHONE_WIDTHS if sheet.phone else DESK_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if not fits(page):
            yield f"{sheet.path}: wider than {width} px"
        small = page.evaluate(TOO_SMALL, [TAPPED, THUMB]) if sheet.phone else []
        yield from (f"{sheet.path}: too small for a thumb: {one}" for one in small)


def fits(page: Page) -> bool:
    """Within the window, once charts and tables have followed its new width."""
    for _look in range(20):
        if not page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


def one_in(page: Page, state: str) -> str:
    """A ticket in this state; the demo has one in each."""
    tabs = {"assigned": "pooled", "in_progress": "accepted", "on_hold": "accepted"}
    asked = f"/api/v1/tickets?tab={tabs.get(state, state)}&size=100"
    listed = page.evaluate("address => fetch(address).then(answer => answer.json())", asked)["results"]
    found = [ticket["public_id"] for ticket in listed if ticket["status"] == state]
    assert found, f"no ticket in state {state}"
    return str(found[0])
