"""What headquarters hears of money and stock: it only marks the month, who counts reads the branch itself."""

from apps.costing.events import CostsChanged, PointsChanged
from apps.costing.settlement_events import DisputeChanged, MonthChanged
from apps.costing.subscribers import COUNTS
from apps.headquarters.months_tasks import count_months
from apps.headquarters.rules.months import is_month, month_of
from apps.headquarters.services.months import mark
from apps.inventory.events import CountChanged, StockPosted, StockWarned
from steppe.kernel.events import EventRecord, subscribe
from tenants.context import current_branch

SOON = 3  # seconds: by then points and money of the same event are written


@subscribe(
    "headquarters.months", *COUNTS, PointsChanged, CostsChanged, MonthChanged, DisputeChanged, StockPosted,
    CountChanged, StockWarned, writes_branch=False,
)  # fmt: skip
def mark_month(record: EventRecord) -> None:
    """Writes `public` only; a second delivery finds it marked, or has it counted once more, which changes nothing."""
    told = str(record.facts.get("month", ""))
    month = told if is_month(told) else month_of(record.occurred_at)
    if mark(current_branch().pk, month, record.seq, record.occurred_at):
        count_months.wake(countdown=SOON)
