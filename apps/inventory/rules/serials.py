"""Serial numbers as people scan and type them. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9._/:-]{2,39}")
_SPLIT = re.compile(r"[\s,;，；]+")
# What readers of bar codes put before the number, each a word of its own.
_READ_AS = re.compile(
    r"(?<![A-Z0-9])(?:CODE_?\d+|EAN_?\d+|UPC_?[AE]|ITF(?:_?\d+)?|CODABAR|QR_?CODE|DATA_?MATRIX|PDF_?417),",
    re.IGNORECASE,
)


def normal(text: str) -> str | None:
    """The one way a number is written: no spaces, capitals, half width. None for what cannot be one.

    Bar codes read by WeChat begin with their kind: `CODE_128,ABC123` is ABC123.
    """
    plain = _READ_AS.sub("", unicodedata.normalize("NFKC", text)).strip().upper().replace(" ", "")
    return plain if _NUMBER.fullmatch(plain) else None


def is_drum(text: str) -> bool:
    """May a drum be called so? Makers write what they like on drums, but no spaces."""
    return 0 < len(text) <= LONGEST and text.isprintable() and not re.search(r"\s", text)


def read_list(text: str) -> tuple[list[str], list[str]]:
    """The numbers of a scanned or pasted list in their order, each once; and the words that are none."""
    good: dict[str, None] = {}
    bad: list[str] = []
    for word in filter(None, _SPLIT.split(_READ_AS.sub("", unicodedata.normalize("NFKC", text)))):
        number = normal(word)
        if number is None:
            bad.append(word[:LONGEST])
        else:
            good[number] = None
    return list(good), bad


def other_than(told: object, known: Iterable[str]) -> list[str]:
    """The known numbers, if the told one is none of them; nothing where there is nothing to compare."""
    numbers = [one for one in dict.fromkeys(known) if one]
    return numbers if told and numbers and normal(str(told)) not in numbers else []


def twice(numbers: Iterable[str]) -> list[str]:
    """Those that stand there more than once."""
    seen: set[str] = set()
    return sorted({number for number in numbers if number in seen or seen.add(number)})  # type: ignore[func-returns-value]
