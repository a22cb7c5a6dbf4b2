"""Which days the branch works, for rooms that count in working days."""

from datetime import date

from apps.tickets.models import ServiceDay


def special_days() -> dict[date, bool]:
    """The days that differ from the week's: is this one worked? A Saturday may be, a holiday is not. One query."""
    return {day: opens is not None for day, opens in ServiceDay.objects.values_list("day", "opens")}
