"""What a dispatcher hears, and what single keys do: <fs-sound> and <fs-keys> in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until, watched_page

pytestmark = pytest.mark.journey
BODY = """<fs-sound data-t-on="on" data-t-off="off"><button type="button"><span data-text>off</span></button></fs-sound>
<button type="button" id="go" data-key="n">New<kbd>N</kbd></button>
<button type="button" id="save" data-key="Ctrl+Enter">Save</button><input id="text" data-key="/" aria-label="Search">
<fs-dialog id="ask" hidden><div><button type="button" id="sure" data-key="n">Sure</button></div></fs-dialog>
<fs-keys><fs-dialog id="all-keys" hidden><div><div data-keys-list></div>
<input type="checkbox" data-keys-switch checked></div></fs-dialog></fs-keys>"""
# The browser's own oscillators, noted as they start; and every button that was pressed.
NOTE = """(() => {
  window.notes = []; window.pressed = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) { notes.push(this.frequency.value); start.apply(this, given); };
  document.addEventListener("click", (event) => event.target.id && pressed.push(event.target.id));
})()"""


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = BODY
        world.change("a")
        yield world


@pytest.fixture
def page(browser: Browser, world: StandIn) -> Iterator[Page]:
    page = watched_page(browser)
    page.add_init_script(NOTE)
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    page.wait_for_selector("fs-live[data-state=live]", state="attached")
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def begin_duty(page: Page) -> None:
    page.click("fs-sound button")
    expect(page.locator("fs-sound")).to_have_attribute("data-state", "on")
    page.wait_for_timeout(2100)  # two notes are at least two seconds apart
    page.evaluate("notes.length = 0")


def heard(page: Page) -> list[float]:
    found: list[float] = page.evaluate("notes")
    return found


def pressed(page: Page) -> list[str]:
    found: list[str] = page.evaluate("pressed")
    return found


def add_button(page: Page, name: str) -> None:
    """One more for the key N, below the others and in a part of its own."""
    page.evaluate(
        "name => document.body.insertAdjacentHTML('beforeend',"
        " `<div><button type='button' id='${name}' data-key='n'>Other</button></div>`)",
        name,
    )


def test_one_tap_begins_duty_and_another_ends_it(page: Page) -> None:
    button = page.locator("fs-sound button")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("on")
    assert heard(page) == [660]
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_nobody_on_duty_hears_nothing(page: Page, world: StandIn) -> None:
    world.change("b")
    until(page, "document.querySelector('fs-live').rows.queue.size === 1")
    assert heard(page) == []


def test_twenty_newcomers_at_once_are_one_note(page: Page, world: StandIn) -> None:
    begin_duty(page)
    for number in range(20):
        world.change(f"n{number}")
    until(page, "document.querySelector('fs-live').rows.queue.size === 20")
    assert heard(page) == [660]


def test_an_alarm_rings_once_with_two_falling_tones(page: Page, world: StandIn) -> None:
    begin_duty(page)
    world.alarms["a"] = "accept"
    world.change("a")
    page.wait_for_selector("#t-a[data-alarm][data-v='2']")
    assert heard(page) == [784, 523]
    page.wait_for_timeout(2100)
    world.change("a")
    page.wait_for_selector("#t-a[data-v='3']")
    assert heard(page) == [784, 523]


def test_a_single_key_presses_its_button(page: Page) -> None:
    page.keyboard.press("n")
    assert pressed(page) == ["go"]
    page.keyboard.press("/")
    expect(page.locator("#text")).to_be_focused()


def test_while_somebody_writes_single_keys_belong_to_the_text(page: Page) -> None:
    page.focus("#text")
    page.keyboard.type("nn")
    assert pressed(page) == []
    assert page.input_value("#text") == "nn"
    page.keyboard.press("Control+Enter")
    assert pressed(page) == ["save"]


def test_a_key_that_an_input_method_is_using_presses_nothing(page: Page) -> None:
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " { code: 'KeyN', key: 'Process', isComposing: true, bubbles: true }))"
    )
    assert pressed(page) == []


def test_an_open_dialog_has_the_keys_to_itself(page: Page) -> None:
    page.evaluate("document.getElementById('ask').show()")
    page.keyboard.press("n")
    assert pressed(page) == ["sure"]
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert pressed(page) == ["sure", "go"]


def test_a_key_held_down_presses_once(page: Page) -> None:
    """The keyboard repeats it; nobody means to open twenty tickets."""
    for _ in range(3):
        page.keyboard.down("n")
    page.keyboard.up("n")
    assert pressed(page) == ["go"]


def test_the_chosen_rows_own_button_comes_before_the_pages(page: Page) -> None:
    add_button(page, "own")
    page.keyboard.press("n")
    page.evaluate("document.getElementById('own').parentNode.setAttribute('aria-selected', 'true')")
    page.keyboard.press("n")
    assert pressed(page) == ["go", "own"]


def test_a_button_nobody_can_press_leaves_its_key_to_the_next(page: Page) -> None:
    add_button(page, "next")
    for out_of_reach in ("hidden", "disabled"):
        page.evaluate(f"document.getElementById('go').{out_of_reach} = true")
        page.keyboard.press("n")
        page.evaluate(f"document.getElementById('go').{out_of_reach} = false")
    assert pressed(page) == ["next", "next"]


def test_the_question_mark_lists_every_key_of_the_page(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#all-keys")).to_be_visible()
    lines = page.locator("#all-keys .key-line").all_inner_texts()
    assert ["".join(line.split()) for line in lines] == ["NNew", "Ctrl+EnterSave", "/Search"]


def test_single_keys_can_be_switched_off_for_good_but_chords_stay(page: Page) -> None:
    page.keyboard.press("?")
    page.click("[data-keys-switch]")
    page.reload()
    page.wait_for_selector("fs-live[data-state=live]", state="attached")
    assert page.is_checked("[data-keys-switch]") is False
    page.keyboard.press("n")
    assert pressed(page) == []
    page.keyboard.press("Control+Enter")
    assert pressed(page) == ["save"]
