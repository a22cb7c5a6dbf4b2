"""What headquarters knows of the branches' months: sums of money, points, stock and hours. Public schema."""

from django.db import models
from django.db.models import F

BRANCH = "tenants.Tenant"


def _sum() -> models.BigIntegerField:
    return models.BigIntegerField(default=0)


class BranchMonth(models.Model):
    """One month of one branch, as its own rooms count it; replaced as a whole. `rules/months.py` says the units.

    `settlement` is the state of its settlement month, `counted_at` when the branch was read.
    """

    branch = models.ForeignKey(BRANCH, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.CharField(max_length=7)
    settlement = models.CharField(max_length=12, default="open")
    costs_closed = models.BooleanField(default=False)
    counted_at = models.DateTimeField(null=True)

    settled_points, provisional_points, pay = _sum(), _sum(), _sum()
    settlement_lines, settlement_confirmed = _sum(), _sum()
    revenue, share = _sum(), _sum()
    cost_material, cost_labour, cost_travel, cost_outsource, cost_other = _sum(), _sum(), _sum(), _sum(), _sum()
    closed_tickets, km_tenths, budget, budget_used = _sum(), _sum(), _sum(), _sum()
    standard_seconds, duty_seconds, subscribers = _sum(), _sum(), _sum()
    active_technicians, cost_upkeep = _sum(), _sum()
    points_apart, points_by_crew = _sum(), _sum()
    stock_value, stock_fen_days, stock_used, stock_received, stock_lost = _sum(), _sum(), _sum(), _sum(), _sum()
    lines_counted, lines_right, recovered, to_recover, low_stock, idle_stock = (
        _sum(), _sum(), _sum(), _sum(), _sum(), _sum(),
    )  # fmt: skip
    cost = models.GeneratedField(
        expression=F("cost_material") + F("cost_labour") + F("cost_travel") + F("cost_outsource") + F("cost_other"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    contribution = models.GeneratedField(
        expression=F("revenue") - F("cost_material") - F("cost_labour") - F("cost_travel") - F("cost_outsource")
        - F("cost_other"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "branch"], name="branchmonth_once")]
        indexes = [models.Index(fields=["branch", "month"], name="branchmonth_of_a_branch")]


class DirtyMonth(models.Model):
    """A month of a branch in which something happened that is not counted yet.

    `seq`: the newest of its events; `since`: when the oldest happened.
    """

    branch = models.ForeignKey(BRANCH, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.CharField(max_length=7)
    seq = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "month"], name="dirtymonth_once")]


class MonthDifference(models.Model):
    """A night found a month otherwise than it was stored, though nothing had been told: `found` is measure →
    [stored, counted]. The month was put right at the same time."""

    branch = models.ForeignKey(BRANCH, on_delete=models.CASCADE, related_name="+")
    month = models.CharField(max_length=7)
    found = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="monthdifference_newest")]
