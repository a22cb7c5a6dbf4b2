"""A page fetches one style sheet of ours and its room's own; nobody edits or forgets the whole one by hand."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from steppe.ui import bundles

SHEETS = pytest.mark.parametrize("name", bundles.BUNDLES)


@SHEETS
def test_the_sheet_holds_every_part_in_its_order(name: str) -> None:
    whole = Path(str(finders.find(name))).read_text()
    places = [whole.index((bundles.CSS / f"{part}.css").read_text().strip()) for part in bundles.BUNDLES[name]]
    assert places == sorted(places)
    assert places[0] == 0, "the tokens come first"


def test_every_component_is_in_a_sheet() -> None:
    known = {part for parts in bundles.BUNDLES.values() for part in parts} | {"styleguide"}
    assert {path.stem for path in bundles.CSS.glob("*.css")} == known


@SHEETS
def test_a_changed_part_changes_the_sheet(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BASE_DIR = tmp_path
    finder = bundles.BundleFinder()
    before = Path(str(finder.find(name))).read_text()
    (tmp_path / "css").mkdir()
    for path in bundles.CSS.glob("*.css"):
        (tmp_path / "css" / path.name).write_text(path.read_text() + f"\n/* {path.stem} */")
    monkeypatch.setattr(bundles, "CSS", tmp_path / "css")
    after = Path(str(finder.find(name))).read_text()
    assert after != before
    assert [found for found, _ in finder.list(None)] == list(bundles.BUNDLES)


@pytest.mark.parametrize(("template", "sheets"), [("ui/_styles_desk.html", 1), ("ui/_styles_phone.html", 2)])
def test_a_face_fetches_few_sheets(template: str, sheets: int) -> None:
    """The phone's other one is WeUI, as it comes."""
    assert render_to_string(template).count("<link") == sheets
