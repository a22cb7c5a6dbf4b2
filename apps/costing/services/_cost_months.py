"""Which month of costs a line goes into. The row of the month is shared until the commit: who closes it waits."""

from apps.costing.models import CostPeriod
from apps.costing.rules.periods import following
from steppe.kernel.db import connection

_SHARED = "SELECT state FROM costing_costperiod WHERE month = %s FOR SHARE"


def taking(month: str) -> str:
    """This month as long as it is open, else the next one that is. Two queries for each month looked at."""
    while _state(month) != "open":
        month = following(month)
    return month


def _state(month: str) -> str:
    CostPeriod.objects.bulk_create([CostPeriod(month=month)], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [month])
        (state,) = cursor.fetchone()
    return str(state)
