"""What a branch's type counts as at headquarters, and whether it is as the template says. Pure."""

from collections.abc import Mapping
from typing import Any

from apps.tickets.rules.catalogue import CODES, TEMPLATES, Template
from steppe.kernel.hashing import digest

COMMON: Mapping[str, Template] = {one.code: one for one in TEMPLATES}
# Which department a branch begins with is its own business, whatever the template says.
OWN = "first_queue"


def is_common(code: str) -> bool:
    return code in COMMON


def counts_as(code: str, claimed: str, mapped: str) -> str:
    """The common code: headquarters' word, else the branch's, else its own where that is one; empty: nobody knows."""
    return next((one for one in (mapped, claimed, code) if one in COMMON), "")


def to_do(code: str, mapped: str) -> bool:
    """Has headquarters to say what this counts as? Only of what a branch made itself."""
    return code not in COMMON and mapped not in COMMON


def digest_of(body: Mapping[str, Any]) -> str:
    """The same for two definitions that ask, promise and pay the same, whichever department begins."""
    return digest("type", {name: value for name, value in body.items() if name != OWN})


def catalogue_digest(code: str) -> str:
    return digest_of(COMMON[code].definition.write())


__all__ = ["CODES", "COMMON", "OWN", "catalogue_digest", "counts_as", "digest_of", "is_common", "to_do"]
