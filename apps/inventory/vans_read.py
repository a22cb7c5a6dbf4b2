"""How true the vans' books were found, by technician: for the rooms above, which pay by it too."""

from datetime import datetime

from django.db.models import Sum

from apps.inventory.models import Count
from apps.inventory.rules.counting import POSTED


def accuracy_of_vans(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """(shelves without a difference, shelves counted) by technician, over counts posted in this time. One query."""
    rows = Count.objects.filter(state=POSTED, decided_at__gte=start, decided_at__lt=end, place__kind="van")
    found = rows.values_list("place__technician").annotate(right=Sum("lines_right"), of=Sum("lines_counted"))
    return {technician: (right, of) for technician, right, of in found.order_by("place__technician") if of}
