"""Colour is never alone: every state has a shape of its own and a word of its own."""

import re
from pathlib import Path
from xml.etree import ElementTree

from django.utils import translation

from steppe.ui import states

UI = Path(states.__file__).parent
SPRITE = ElementTree.fromstring((UI / "templates/ui/sprite.svg").read_text())
SYMBOLS = {symbol.get("id", ""): b"".join(ElementTree.tostring(part) for part in symbol) for symbol in SPRITE}
LOOKS = {**states.STATES, **states.FLAGS}


def test_the_ten_states_are_all_there() -> None:
    assert list(states.STATES) == [
        "submitted", "pooled", "assigned", "accepted", "in_progress",
        "on_hold", "awaiting_callback", "closed", "cancelled", "void",
    ]  # fmt: skip


def test_every_state_and_flag_has_a_shape_no_other_has() -> None:
    shapes = [SYMBOLS[f"i-{look.icon}"] for look in LOOKS.values()]
    assert len(set(shapes)) == len(shapes)


def test_every_state_and_flag_has_a_word_no_other_has_in_both_languages() -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words = [str(look.word) for look in LOOKS.values()]
        assert len(set(words)) == len(words)


def test_every_state_class_has_its_colours() -> None:
    css = (UI / "static/ui/css/tokens.css").read_text()
    for look in LOOKS.values():
        assert re.search(rf"\.{look.css}\b[^}}]*--c:[^}}]*--x:[^}}]*--t:", css), look.css


def test_every_symbol_asked_for_by_a_template_or_script_is_in_the_sprite() -> None:
    asked = set()
    for path in UI.rglob("*.html"):
        asked |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
    for path in (UI / "static/ui/js").rglob("*.js"):
        asked |= set(re.findall(r'icon\("([\w-]+)"\)', path.read_text()))
    assert {f"i-{name}" for name in asked} <= set(SYMBOLS)
