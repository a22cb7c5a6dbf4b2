"""What an item may be called and how much of it is believed, before a column cuts it. Pure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,29}")
LENGTHS = {"name": 60, "category": 30, "unit": 8, "barcode": 40}
NEEDED = ("name", "category", "unit")
DEAREST = 100_000_000  # fen of one unit: a million yuan
LONGEST_WARRANTY = 600  # months
HIGHEST_LEVEL = Decimal(10_000_000)


def faults(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong): `missing`, `long`, `cost`, `months`, `level`."""
    for name, longest in LENGTHS.items():
        if name in NEEDED and not told[name].strip():
            yield name, "missing"
        elif len(told[name]) > longest:
            yield name, "long"
    if not 0 <= told["usual_cost"] <= DEAREST:
        yield "usual_cost", "cost"
    if not 0 <= told["warranty_months"] <= LONGEST_WARRANTY:
        yield "warranty_months", "months"
    level = told["min_level"]
    if not level.is_finite() or not 0 <= level <= HIGHEST_LEVEL or level != round(level, 2):
        yield "min_level", "level"
