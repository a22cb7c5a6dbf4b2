"""The oldest browsers we promise: Chromium 86 on the desk, Chromium 73 and iOS 12.2 on the phone.

No old browser runs here, so what is younger than they are is forbidden by name in everything we ship.
"""

import gzip
import re
from pathlib import Path

import pytest

from steppe import ui
from steppe.ui.bundles import BUNDLES

UI = Path(ui.__file__).parent
STATIC = UI / "static/ui"
CSS = sorted((STATIC / "css").glob("*.css"))
JS = sorted((STATIC / "js").rglob("*.js"))
PHONE = {f"{part}.css" for part in BUNDLES["ui/phone.css"]}

TOO_YOUNG_CSS = {
    "color-mix(": "111", "oklch(": "111", "oklab(": "111", ":has(": "105", ":is(": "88", ":where(": "88",
    "@layer": "99", "@container": "105", "@property": "85, iOS 16.4", "@scope": "118", "@supports selector": "83",
    "aspect-ratio": "88", "accent-color": "93", "inset:": "87", "inset-inline": "87", "inset-block": "87",
    "margin-inline:": "87",
    "padding-inline:": "87", "dvh": "108", "svh": "108", "lvh": "108", "text-wrap": "114", "translate:": "104",
    "rotate:": "104", "scale:": "104", "overflow: clip": "90", "scrollbar-gutter": "94", "content-visibility": "85",
}  # fmt: skip
TOO_YOUNG_ON_THE_PHONE = {"clamp(": "79", "min(": "79", " max(": "79", "place-items": "iOS 11", "backdrop-filter": "76"}
TOO_YOUNG_JS = {
    r"\?\.[\w\[(]": "optional chaining, ES2020", r"\?\?": "nullish, ES2020", r"catch\s*\{": "bare catch, ES2019",
    r"[{,]\s*\.\.\.\w+[^)\]]*\}": "object spread, ES2018", r"\bimport\(": "dynamic import, ES2020",
    r"(^|\s)#\w+\s*[=(;]": "private names, ES2022", r"for await": "ES2018", r"\(\?<": "lookbehind, named groups",
    r"\.replaceAll\(": "85", r"\.at\(": "92", r"randomUUID": "92", r"structuredClone": "98",
    r"replaceChildren": "86", r"\.flatMap\(": "fine but unneeded", r"\.inert\b": "102", r"requestSubmit": "76, iOS 16",
    r"ResizeObserver": "iOS 13.4", r"globalThis": "iOS 12.2", r"new EventTarget": "iOS 14", r"AbortSignal\.": "103",
    r"static \w+ =": "class fields, ES2022", r"^\s{2}\w+ = ": "class fields, ES2022",
    r"\beval\(|new Function": "forbidden by the content policy",
}  # fmt: skip


CHAIN, _, _, SPREAD = list(TOO_YOUNG_JS)[:4]


def plain(path: Path) -> str:
    """The file without its comments: prose may name what code may not use."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return re.sub(r"^\s*//.*$|\s// .*$", "", text, flags=re.M) if path.suffix == ".js" else text


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_css_is_old_enough_for_every_desk(path: Path) -> None:
    text = plain(path)
    assert [word for word in TOO_YOUNG_CSS if word in text] == []
    assert not re.search(r"\{[^{}]*&", text), "nesting"
    assert not re.search(r":focus\s*\{[^}]*outline:\s*(none|0)[^}]*\}", text) or "box-shadow" in text


@pytest.mark.parametrize("name", sorted(PHONE))
def test_css_of_the_phone_is_old_enough_for_every_phone(name: str) -> None:
    text = plain(STATIC / "css" / name)
    assert [word for word in TOO_YOUNG_ON_THE_PHONE if word in text.replace("minmax(", "")] == []
    for body in re.findall(r"\{([^{}]*)\}", text):
        if re.search(r"(^|[;\s])gap:", body):
            assert "grid" in body, f"flex gap is younger than our phones: {body.strip()}"


@pytest.mark.parametrize("path", JS, ids=lambda path: path.name)
def test_scripts_are_old_enough(path: Path) -> None:
    text = plain(path)
    assert {why: found for rule, why in TOO_YOUNG_JS.items() if (found := re.search(rule, text, flags=re.M))} == {}


def test_the_floor_test_sees_what_it_is_for() -> None:
    assert re.search(CHAIN, "a?.b")
    assert re.search(SPREAD, "x = { a: 1, ...rest }")
    assert not re.search(SPREAD, "call(...rest)")


def test_pages_carry_no_inline_script_and_no_inline_style() -> None:
    for path in UI.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), path.name
        assert not re.search(r"\sstyle=|<style|\son\w+=", text), path.name


def test_the_desk_stays_within_its_weight() -> None:
    assert len(gzip.compress(b"".join(path.read_bytes() for path in CSS))) < 25_000
    assert len(gzip.compress(b"".join(path.read_bytes() for path in JS))) < 30_000
