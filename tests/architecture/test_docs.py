"""Papers that name a file name a real one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "sandbox").glob("*.md")])
ROOMS = "apps|platform|tenants|realtime|tests|infra|sandbox|docs|frontend|requirements|steppe"
NAMED = re.compile(rf"`((?:{ROOMS})/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_path_a_paper_names_is_there(paper: Path) -> None:
    text = paper.read_text()
    named = [name for name in NAMED.findall(text) if not _is_there(ROOT / name, ROOT / "platform" / name)]
    linked = [name for name in LINK.findall(text) if not _is_there(paper.parent / name)]
    assert not [*named, *linked]


def _is_there(*places: Path) -> bool:
    return any(place.exists() for place in places)
