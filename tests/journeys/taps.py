"""Counts what a person's fingers do: touches, clicks and key chords. Typed text is not counted (ux.md §8.6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import Page

# Only what the browser itself saw happen: a click made by a script is nobody's tap.
LISTENER = """(() => {
  const writes = (field) => field && field.matches && field.matches(
    "textarea,input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit])");
  const tell = (event) => event.isTrusted && window.steppeTapped && window.steppeTapped();
  document.addEventListener("pointerdown", tell, true);
  document.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.key === "Enter";
    const held = ["Control", "Shift", "Alt", "Meta"].includes(event.key);
    if (!held && (chord || !writes(event.target))) tell(event);
  }, true);
})()"""


@dataclass
class Counter:
    """Taps in one window since it was opened, over all its pages."""

    taps: int = 0

    def tap(self, *_: object) -> None:
        self.taps += 1


COUNTERS: WeakKeyDictionary[Page, Counter] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """From now on this window's taps are counted."""
    COUNTERS[page] = counter = Counter()
    page.expose_binding("steppeTapped", counter.tap)
    page.add_init_script(LISTENER)
    return page


@contextmanager
def budget(page: Page, most: int, job: str) -> Iterator[None]:
    """The job takes at most so many taps; and at least one, else nobody has counted."""
    before = COUNTERS[page].taps
    yield
    page.evaluate("0")  # what was tapped last has been told by now
    used = COUNTERS[page].taps - before
    assert 0 < used <= most, f"{job}: {used} taps, the budget is {most}"
