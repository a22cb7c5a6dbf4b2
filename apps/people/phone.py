"""Phone numbers as people type them. Pure."""

import re
import unicodedata

_NUMBER = re.compile(r"1\d{10}|0\d{2,3}\d{7,8}")


def normal_phone(text: str) -> str | None:
    """`+86 139-0000 1234` or full-width digits → `13900001234`; None when it is no Chinese number."""
    digits = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86").removeprefix("0086")
    return digits if _NUMBER.fullmatch(digits) else None
