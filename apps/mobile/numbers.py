"""Numbers as people type them on a phone: half or full width, a comma or a point; yuan for fen."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from steppe.kernel.errors import Invalid
from steppe.kernel.money import Fen

_NUMBER = re.compile(r"\d{1,8}(\.\d{1,2})?")


def quantity_of(form: Mapping[str, str], name: str) -> Decimal:
    """A quantity with at most two decimals. Raises Invalid."""
    text = unicodedata.normalize("NFKC", form.get(name, "")).strip().replace("。", ".").replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise Invalid({name: [_("Write the quantity as a number, like 12.5.")]})
    return Decimal(text)


def fen_of(form: Mapping[str, str], name: str) -> Fen:
    """Yuan as typed, in fen; nothing typed is nothing. Raises Invalid."""
    text = unicodedata.normalize("NFKC", form.get(name, "")).strip().lstrip("¥").strip()
    if not text:
        return 0
    if not _NUMBER.fullmatch(text):
        raise Invalid({name: [_("Write the amount in yuan, like 100 or 12.50.")]})
    return int(Decimal(text) * 100)
