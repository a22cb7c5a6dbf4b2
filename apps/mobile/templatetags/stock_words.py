"""{% load stock_words %}: quantities of stock as people write them."""

from decimal import Decimal, InvalidOperation

from django import template

register = template.Library()


@register.filter
def tidy(number: Decimal | str | None) -> str:
    """A quantity without a tail of noughts; what somebody typed stays as it was typed."""
    if isinstance(number, Decimal):
        return f"{number.normalize():f}"
    return number or ""


@register.filter
def whole(text: str) -> int:
    """A number of an address; nonsense is none."""
    try:
        return max(0, int(Decimal(text)))
    except (InvalidOperation, ValueError, OverflowError):
        return 0
