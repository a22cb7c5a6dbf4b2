"""What an answer of WeChat tells the administrator to do. Pure: kinds by name, their sentences in guide_words.py."""

import re
from ipaddress import ip_address

# Numbers with an advice of their own; everything else is "other", with WeChat's own sentence.
KNOWN = frozenset({
    -1, 40001, 40003, 40013, 40037, 40125, 40164, 40243, 40246, 43004, 43101, 45009, 45011, 45026, 46003, 47003, 48001,
    48004, 50002, 61004, 89503,
})  # fmt: skip
_ADDRESS = re.compile(r"invalid ip ([0-9A-Fa-f:.]+)")
_LEADING = re.compile(r"(-?\d+) ")


def kind_of(errcode: int | None, errmsg: str) -> str:
    """`40164`, `other`; without a number `no_json` for an answer that is none of WeChat's, else `no_answer`."""
    if errcode is None:
        return "no_json" if "JSON" in errmsg or errmsg.startswith(("HTTP", "no ")) else "no_answer"
    return str(errcode) if errcode in KNOWN else "other"


def address_in(errmsg: str) -> str:
    """The address that WeChat saw, out of its sentence to 40164; nothing if there is none."""
    found = _ADDRESS.search(errmsg)
    try:
        return str(ip_address(found.group(1).rstrip("."))) if found else ""
    except ValueError:
        return ""


def number_in(trouble: str) -> int | None:
    """The errcode with which an account's trouble begins."""
    found = _LEADING.match(trouble)
    return int(found.group(1)) if found else None
