"""From which day a version may count."""

from datetime import date

from apps.costing.models import Period
from apps.costing.rules.periods import OPEN
from steppe.kernel import clock


def earliest_day() -> date:
    """Today; where months have been calculated already, the first day after the last of them. One query."""
    today = date.fromisoformat(clock.today())
    last = Period.objects.exclude(state=OPEN).order_by("-ends_at").values_list("ends_at", flat=True).first()
    return max(today, last.astimezone(clock.BUSINESS_ZONE).date()) if last else today
