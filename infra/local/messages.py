"""Translations: `python -m infra.local.messages` compiles; `--extract` updates the .po; `--check` judges it.

Done with Babel instead of the gettext programs: without them a newcomer would see half the pages in English.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from infra.local.paths import ROOT

LOCALE = ROOT / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = "# Chinese for Steppe (格派). Words of the trade: docs/glossary.md. Kept up to date by `make messages`."
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def compile_all(folder: Path = LOCALE) -> int:
    """Each .po becomes the .mo beside it, unless that is newer already; returns how many were made."""
    made = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)
            made += 1
    return made


def _compile(source: Path, target: Path) -> None:
    new = target.with_suffix(".mo.new")
    with new.open("wb") as file:
        write_mo(file, read(source))
    new.replace(target)  # a running server never reads a half file


def read(path: Path) -> Catalog:
    """A catalog; an empty one when the file is not there yet."""
    if not path.exists():
        nobody = {"msgid_bugs_address": "", "last_translator": "", "language_team": ""}
        return Catalog("zh_Hans", project="Steppe", version="0", charset="utf-8", fuzzy=False, **nobody)
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="django")


def extract_all(path: Path = CHINESE) -> int:
    """Translations stay, new strings come in empty, dead ones go; returns how many lack Chinese."""
    from infra.local import extract

    known = read(path)
    known.update(extract.catalog(), no_fuzzy_matching=True, update_creation_date=False)
    known.header_comment = HEADER
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, known, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return sum(1 for message in known if message.id and not is_complete(message))


def is_complete(message: Message) -> bool:
    """Has words in every form, and nobody is unsure of them."""
    words = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(words) and all(words) and not message.fuzzy


def complaints(path: Path = CHINESE, needed: Catalog | None = None) -> list[str]:
    """What a Chinese reader would see in English, or with a hole where a name or number belongs."""
    from infra.local import extract

    known, found = read(path), []
    for message in needed if needed is not None else extract.catalog():
        if not message.id:
            continue
        place = ", ".join(sorted({name for name, _ in message.locations}))
        have = known.get(message.id, message.context)
        if have is None or not is_complete(have):
            found.append(f"no Chinese for {message.id!r} ({place})")
        elif places(have.id) != places(have.string):
            found.append(f"other placeholders in the Chinese of {message.id!r} ({place})")
    return found


def places(words: object) -> set[str]:
    """The holes in a sentence, over all its plural forms."""
    forms = words if isinstance(words, list | tuple) else [words]
    return {hole for form in forms for hole in PLACE.findall(str(form).replace("%%", ""))}


def main(arguments: list[str]) -> int:
    """Exit code 1 when `--check` has complaints."""
    if "--check" in arguments:
        found = complaints()
        print("\n".join(found) or "every string has its Chinese")
        return 1 if found else 0
    if "--extract" in arguments:
        print(f"{CHINESE.relative_to(ROOT)}: {extract_all()} strings without Chinese")
    print(f"{compile_all()} catalogs compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
