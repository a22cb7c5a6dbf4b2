"""{% load hours %}: hours as people read them."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django import template

register = template.Library()


@register.filter
def as_hours(time: Decimal | timedelta) -> str:
    """Minutes, or a span of time, in hours with one decimal."""
    minutes = Decimal(int(time.total_seconds())) / 60 if isinstance(time, timedelta) else time
    return str((minutes / 60).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
