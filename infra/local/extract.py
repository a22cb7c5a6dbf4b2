"""Every string of ours that asks to be translated, from Python files and templates. No gettext needed."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

from infra.local.paths import ROOT

ROOMS = ("platform", "tenants", "apps", "realtime")
# What each function's arguments are, in babel's notation: `c` marks the context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalog() -> Catalog:
    """All strings, in the order of the files."""
    found = Catalog(domain="django", charset="utf-8")
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for string, context, comments in strings(path):
            found.add(string, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def sources() -> list[Path]:
    """Python files and templates of the rooms; tests and stand-ins speak to developers."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.*")]
    return sorted(path for path in paths if path.suffix == ".py" or is_template(path))


def is_template(path: Path) -> bool:
    """Pages and texts; pictures may lie beside them."""
    return "templates" in path.parts and path.suffix in {".html", ".txt"}


def strings(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """(msgid or (singular, plural), context, comments to the translator) of one file."""
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        code = templatize(code, origin=str(path))
    file: Any = io.BytesIO(code.encode())
    calls: Any = extract_python(file, KEYWORDS, ["Translators"], {})
    for _line, function, arguments, comments in calls:
        found = _pick(arguments if isinstance(arguments, tuple) else (arguments,), KEYWORDS[function])
        if found:
            yield found[0], found[1], comments


def _pick(
    arguments: tuple[str | None, ...], spec: tuple[int | tuple[int, str], ...] | None
) -> tuple[str | tuple[str, ...], str | None] | None:
    """The literal arguments that the function's notation names; None when one of them is no literal."""
    context, words = None, []
    for place in spec or (1,):
        index = place[0] if isinstance(place, tuple) else place
        word = arguments[index - 1] if index <= len(arguments) else None
        if not word:
            return None
        if isinstance(place, tuple):
            context = word
        else:
            words.append(word)
    return (words[0] if len(words) == 1 else tuple(words)), context
