"""What people type in the forms of settlement: yuan with a point, points with two decimals."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from apps.console.said import said
from steppe.kernel.errors import DomainError
from steppe.kernel.money import Fen

NONSENSE = Decimal("NaN")


def number_of(given: Mapping[str, str], name: str) -> Decimal | None:
    """A number as people write it, None for nothing; what is none becomes NaN, which every service refuses."""
    text = said(given, name, 24).replace(",", "")
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return NONSENSE


def fen_of(given: Mapping[str, str], name: str) -> Fen | None:
    """Yuan as whole fen, None for nothing; what is no such amount becomes -1, which every service refuses."""
    found = number_of(given, name)
    if found is None:
        return None
    fen = found * 100
    return int(fen) if found.is_finite() and abs(found) < 10**12 and fen == fen.to_integral_value() else -1


def wrong_of(refusal: DomainError | None) -> dict[str, list[str]]:
    """Sentences by field."""
    return dict(getattr(refusal, "fields", {}))
