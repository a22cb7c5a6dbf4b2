"""A month of work points on its way to the payroll."""

from django.db import models
from django.db.models import Q

PERIOD_STATES = ("open", "calculated", "published", "reviewed", "approved", "locked", "exported")


class Period(models.Model):
    """One settlement month (核定). Moments are those of the branch's cut-off; `version` grows when it is unlocked.

    `unit_price` is fen per point (mode `fixed`), `pool_fen` what is shared out (mode `pool`). `lines_hash` is the
    digest of all its lines when it was locked.
    """

    month = models.CharField(max_length=7, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")
    version = models.PositiveIntegerField(default=1)  # of the settlement, by unlocking
    row_version = models.PositiveIntegerField(default=1)  # of this row, by every step
    mode = models.CharField(max_length=6, default="fixed")
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    pool_fen = models.BigIntegerField(null=True)
    calculated_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    disputes_until = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    lines_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PERIOD_STATES), name="period_state_is_known"),
            models.CheckConstraint(condition=Q(mode__in=["fixed", "pool"]), name="period_mode_is_known"),
        ]


class PeriodStep(models.Model):
    """What was done with a period, by whom; append-only."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=16)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()


class PayBase(models.Model):
    """Base pay and guarantee of a technician from a month on, in fen; the newest not after the month counts."""

    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+", db_index=False)
    from_month = models.CharField(max_length=7)
    base_fen = models.BigIntegerField(default=0)
    guarantee_fen = models.BigIntegerField(default=0)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["technician", "from_month"], name="paybase_once_a_month"),
            models.CheckConstraint(condition=Q(base_fen__gte=0, guarantee_fen__gte=0), name="paybase_not_negative"),
        ]


class SettlementLine(models.Model):
    """One technician's month. `inputs` holds the sums by kind, both sides of each KPI and the rules they come from."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="lines", db_index=False)
    version = models.PositiveIntegerField()
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    org_unit = models.ForeignKey("people.OrgUnit", on_delete=models.PROTECT, related_name="+")
    org_path = models.CharField(max_length=120)
    tickets = models.PositiveIntegerField(default=0)
    gross = models.DecimalField(max_digits=11, decimal_places=2)  # earned and travelled, bonuses, corrections
    deducted = models.DecimalField(max_digits=11, decimal_places=2)  # what was taken off, after the cap; not negative
    points = models.DecimalField(max_digits=11, decimal_places=2)
    coefficient = models.DecimalField(max_digits=5, decimal_places=3)
    unit_price = models.DecimalField(max_digits=10, decimal_places=4)
    base_fen = models.BigIntegerField()
    guarantee_fen = models.BigIntegerField()
    pay_fen = models.BigIntegerField()
    inputs = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="open")  # open, confirmed, disputed
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "version", "technician"], name="settlementline_once_each"),
            models.CheckConstraint(condition=Q(pay_fen__gte=0), name="settlementline_pay_not_negative"),
        ]


class LineReview(models.Model):
    """Somebody of a level (grid leader, department manager, accountant) has looked at a line; append-only.

    Nobody looks at a line on two levels, and nobody at the own one.
    """

    line = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    level = models.CharField(max_length=14)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "level"], name="linereview_once_a_level"),
            models.UniqueConstraint(fields=["line", "by"], name="linereview_one_level_each"),
        ]


class Dispute(models.Model):
    """A technician does not agree with a line of the published month, or with one entry of it.

    raised → answered (by the grid leader) → won or lost (accepted, or decided by the department's manager).
    """

    public_id = models.CharField(max_length=16, unique=True)
    line = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, related_name="disputes")
    entry = models.ForeignKey("costing.WorkPointEntry", null=True, on_delete=models.PROTECT, related_name="disputes")
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    org_path = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    wanted = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    state = models.CharField(max_length=10, default="raised")  # raised, refused, appealed, won, lost, withdrawn
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    correction = models.ForeignKey("costing.WorkPointEntry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "entry"], condition=~Q(state="withdrawn"), name="dispute_once_each",
                nulls_distinct=False,
            ),
        ]  # fmt: skip


class DisputeStep(models.Model):
    """Who said what to a dispute; append-only."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10)
    text = models.CharField(max_length=500, blank=True)
    points = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()


class SettlementRun(models.Model):
    """A calculation of a period, ticket by ticket; who dies in it is followed by who goes on from `cursor`.

    `preview`: asked for before the month was over; it writes lines, and the period stays open.
    """

    public_id = models.CharField(max_length=16, unique=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="runs")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting, running, done, cancelled, failed
    cursor = models.BigIntegerField(default=0)  # id of the last ticket that was looked at
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    preview = models.BooleanField(default=False, db_default=False)
    trouble = models.JSONField(default=list)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(state__in=["waiting", "running"]), name="settlementrun_one_at_a_time"
            ),
        ]
