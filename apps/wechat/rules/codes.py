"""One-time codes: of what they are made, how they are typed, how long and how often they are good. Pure."""

import unicodedata
from datetime import timedelta

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read or heard as something else
LENGTH = 8
DIGITS = 6
LIFE = timedelta(minutes=10)
MOST_WRONG = 5
PAUSE_S = 60  # between two codes by text message
PER_DAY = 5
DAY = timedelta(days=1)


def letters_of(digest: str) -> str:
    """Eight letters and digits from a hexadecimal sum: 31 to the power of 8, so five tries guess nothing."""
    return _in_base(int(digest, 16), LETTERS, LENGTH)


def digits_of(digest: str) -> str:
    """Six digits from a hexadecimal sum, for a text message."""
    return _in_base(int(digest, 16), "0123456789", DIGITS)


def spoken(code: str) -> str:
    """In two halves, as it is read out: `ABCD EFGH`."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def typed(text: str) -> str:
    """What was meant: full width, small letters, blanks and hyphens are no mistakes."""
    plain = unicodedata.normalize("NFKC", text)[:40].upper()
    return "".join(one for one in plain if one.isalnum())


def _in_base(number: int, alphabet: str, length: int) -> str:
    found = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        found.append(alphabet[place])
    return "".join(found)
