"""Every pair of colours people read or recognise is computed, light and dark (WCAG 2.2: 4.5 for text, 3 for shapes)."""

import re
from pathlib import Path

import pytest

from steppe import ui

CSS = (Path(ui.__file__).parent / "static/ui/css/tokens.css").read_text()
STATES = ("pool", "acpt", "work", "hold", "call", "done", "void", "over")


def block(selector: str) -> dict[str, str]:
    body = CSS[CSS.index(selector) :]
    body = body[body.index("{") + 1 : body.index("}")]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))


LIGHT = block('[data-theme="light"] {')
DARK = block('[data-theme="dark"] {')
AUTO = block('[data-theme="auto"] {')
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    assert DARK == AUTO
    assert set(DARK) == set(LIGHT)


@THEMES
@pytest.mark.parametrize("text", ["t1", "t2", "t3"])
@pytest.mark.parametrize("ground", ["card", "bg"])
def test_text_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert ratio(theme[text], theme[ground]) >= 4.5


@THEMES
@pytest.mark.parametrize("state", STATES)
def test_a_state_can_be_read_and_recognised(theme: dict[str, str], state: str) -> None:
    assert ratio(theme[f"c-{state}"], theme["card"]) >= 3
    assert ratio(theme[f"x-{state}"], theme[f"t-{state}"]) >= 4.5
    assert ratio(theme[f"x-{state}"], theme["card"]) >= 4.5


@THEMES
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on-accent", "accent"), ("on-accent", "accent-2"), ("on-brand", "brand"), ("on-brand", "brand-2"),
        ("on-danger", "danger"), ("on-danger", "danger-2"), ("accent-x", "accent-t"), ("accent-x", "card"),
        ("brand-x", "brand-t"), ("x-soon", "card"), ("x-soon", "pick"), ("t1", "pick"), ("t2", "pick"),
        ("t1", "sunk"), ("t2", "sunk"), ("t1", "flash"), ("card", "t2"), ("x-over", "pick"),
    ],
)  # fmt: skip
def test_words_on_buttons_and_chosen_rows_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert ratio(theme[text], theme[ground]) >= 4.5


@THEMES
def test_the_edge_of_a_field_and_the_focus_ring_can_be_seen(theme: dict[str, str]) -> None:
    for ground in ("card", "bg"):
        assert ratio(theme["edge"], theme[ground]) >= 3
        assert ratio(theme["accent"], theme[ground]) >= 3
