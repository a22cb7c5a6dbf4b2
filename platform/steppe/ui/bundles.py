"""One style sheet per face: the components' files stay apart, a browser fetches them as one.

A finder, so that collectstatic and the development server both see `ui/desk.css` and `ui/phone.css`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

CSS = Path(__file__).parent / "static" / "ui" / "css"
DESK = "tokens base chip due button field live table card dialog toast banner tiles timeline topbar photos scan console"
SHEETS = {  # the parts in their order: a later one may build on an earlier one
    "ui/desk.css": DESK,
    "ui/phone.css": "tokens base chip due field live card dialog toast banner timeline photos scan h5",
}
BUNDLES = {name: tuple(parts.split()) for name, parts in SHEETS.items()}


def text_of(name: str) -> str:
    """The sheet: its parts in their order."""
    return "\n".join((CSS / f"{part}.css").read_text(encoding="utf-8").strip() for part in BUNDLES[name]) + "\n"


class BundleFinder(BaseFinder):
    """Makes the sheets in the build folder, afresh whenever their text has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BASE_DIR / "build" / "bundles")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # a path, or all paths, as it is asked
        """Where the sheet lies, or nothing."""
        found = [str(self._made(path))] if path in BUNDLES else []
        return found if find_all else (found or [""])[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every sheet, for collectstatic."""
        for name in BUNDLES:
            self._made(name)
            yield name, self.storage

    def _made(self, name: str) -> Path:
        path, text = Path(self.storage.path(name)), text_of(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)  # another process never reads half a sheet
        return path
