"""Points as pages write them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def points(value: Decimal) -> str:
    """12.50, with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")
