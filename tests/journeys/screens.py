"""What a dispatcher's screen shows, and what the same address shows to somebody who opens it now."""

import time
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.journeys.site import until

LOOK = """() => {
  const words = (cell) => cell.innerText.replace(/\\s+/g, " ").trim();
  const rows = Array.from(document.querySelectorAll("[data-live-rows] > [id^='t-']:not([data-gone])"));
  const row = (one) => [one.id, one.dataset.v, one.dataset.sort, one.dataset.alarm || ""]
    .concat([0, 1, 2, 3, 6].map((at) => words(one.cells[at])));
  const tiles = Array.from(document.querySelectorAll(".tile"), (one) => one.querySelector(".tile-n").innerText);
  return { rows: rows.map(row), tiles, waiting: document.querySelector("fs-live").rows?.queue.size || 0 };
}"""
# Every row as it came in, so that one shown twice is seen even if it is gone again when somebody looks.
RECORD = """() => {
  window.steppeNew = [];
  document.addEventListener("live:row", ({ detail }) => detail.change === "new" && window.steppeNew.push(detail.id));
}"""


@dataclass(frozen=True)
class Screen:
    """Rows in their order (id, version, place, alarm, state, number, type, address, person) and the strip's numbers."""

    rows: tuple[tuple[str, ...], ...]
    tiles: tuple[str, ...]
    waiting: int = 0

    def ids(self) -> list[str]:
        return [row[0].removeprefix("t-") for row in self.rows]


def look(desk: Page) -> Screen:
    """One glance. Nothing is ever there twice."""
    seen = desk.evaluate(LOOK)
    screen = Screen(tuple(tuple(row) for row in seen["rows"]), tuple(seen["tiles"]), seen["waiting"])
    assert len(set(screen.ids())) == len(screen.rows), f"a row stands there twice: {screen.ids()}"
    return screen


def record(desk: Page) -> None:
    """Keep in mind who comes in from now on; see `newcomers`."""
    desk.evaluate(RECORD)


def newcomers(desk: Page) -> list[str]:
    """Everybody who came in since `record`, in order, as often as they came."""
    found: list[str] = desk.evaluate("window.steppeNew")
    return found


def is_live(desk: Page) -> bool:
    """What the page says of itself."""
    return bool(desk.evaluate("document.querySelector('fs-fresh')?.dataset.state === 'live'"))


def same_as_fresh(desk: Page, fresh: Page, *, seconds: float = 15) -> Screen:
    """The screen shows exactly what `fresh`, opened now at the same address, shows. Waits for what is on its way.

    Whatever differs is looked at again until the time is up: only a difference that stays is one.
    """
    deadline = time.monotonic() + seconds
    while True:
        until(lambda: is_live(desk), what="the screen is live")
        desk.keyboard.press(".")
        mine = look(desk)
        fresh.goto(desk.url)
        theirs = look(fresh)
        if mine == theirs:
            return mine
        assert time.monotonic() < deadline, f"the screen:\n{told(mine)}\na fresh page:\n{told(theirs)}"


def told(screen: Screen) -> str:
    """For the failure message."""
    return "\n".join([" ".join(screen.tiles), f"{screen.waiting} waiting", *(" | ".join(row) for row in screen.rows)])
