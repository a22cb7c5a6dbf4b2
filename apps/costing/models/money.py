"""What a ticket cost and brought in: lines that only grow, under the dimensions they are looked at by."""

from django.db import models
from django.db.models import Q

SIDES = ("cost", "revenue", "share")
COST_ELEMENTS = ("material", "labour", "travel", "outsource", "other")
REVENUE_ELEMENTS = ("install_fee", "material_fee", "on_site_fee")


class TicketAccount(models.Model):
    """One ticket as costing knows it: by what its lines are grouped. `period` is its month of closing, once it has one.

    `version` counts the freezings: 1 at the close, one more with every line that came afterwards.
    """

    ticket = models.CharField(max_length=16, unique=True)
    ticket_no = models.CharField(max_length=24)
    type_code = models.CharField(max_length=30)
    family = models.CharField(max_length=20, blank=True)
    sub_branch = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    org_path = models.CharField(max_length=120, default="/")
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.PROTECT, related_name="+")
    area_class = models.CharField(max_length=1, default="A")
    cause_code = models.CharField(max_length=30, blank=True)
    segment = models.CharField(max_length=20, blank=True)
    result = models.CharField(max_length=20, blank=True)
    empty_trip = models.BooleanField(default=False)  # somebody was there for nothing
    repeat_of = models.CharField(max_length=16, blank=True)
    km = models.DecimalField(max_digits=8, decimal_places=1, default=0)
    period = models.CharField(max_length=7, blank=True)
    closed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["period", "type_code"], name="ticketaccount_of_a_month"),
            models.Index(fields=["period", "grid"], name="ticketaccount_of_a_grid"),
        ]


class MoneyLine(models.Model):
    """Fen on one side of a ticket's account. Never changed or deleted, but that a line gets its period at the close.

    `source` is what it comes from, booked once: `stock/<entry>/<n>`, `points/<entry>`, `charge/<id>`, `expense/<id>`.
    `side` share is the subscription's part, reported beside revenue and never in it. Reports are sums of these.
    """

    account = models.ForeignKey(TicketAccount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    side = models.CharField(max_length=8)
    element = models.CharField(max_length=14)
    fen = models.BigIntegerField()
    period = models.CharField(max_length=7, blank=True)
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=30, blank=True)
    category = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    receipt_no = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    inputs = models.JSONField(default=dict)
    source = models.CharField(max_length=60, unique=True)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    late = models.BooleanField(default=False)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(side__in=SIDES), name="moneyline_side_is_known")]
        indexes = [
            models.Index(fields=["period", "side", "element"], name="moneyline_of_a_month"),
            models.Index(fields=["account", "id"], name="moneyline_of_an_account"),
        ]


class AccountVersion(models.Model):
    """What an account came to when it was frozen, by side and element; append-only."""

    account = models.ForeignKey(TicketAccount, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    totals = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="accountversion_numbered_once")]


class Expense(models.Model):
    """Tolls, lodging, an outside team, hire: said by one person with a receipt, agreed by another, then a line."""

    public_id = models.CharField(max_length=16, unique=True)
    ticket = models.CharField(max_length=16, db_index=True)
    element = models.CharField(max_length=14)
    code = models.CharField(max_length=20)
    fen = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    receipt_no = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    org_path = models.CharField(max_length=120)
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="proposed")  # proposed, approved, refused, withdrawn, reversed
    version = models.PositiveIntegerField(default=1)
    entered_by = models.CharField(max_length=40)
    entered_by_name = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gt=0), name="expense_is_more_than_nothing")]


class CostPeriod(models.Model):
    """A month of costs: open or closed; `lines_hash` is the digest of its lines. Opened anew it is a new version."""

    month = models.CharField(max_length=7, unique=True)
    state = models.CharField(max_length=8, default="open")
    version = models.PositiveIntegerField(default=1)
    lines_hash = models.CharField(max_length=64, blank=True)
    changed_by = models.CharField(max_length=40, blank=True)
    changed_by_name = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="costperiod_state_known")]


class MonthlyFee(models.Model):
    """What a customer of this plan (套餐) pays a month, in fen; the one without a name is for every other plan."""

    plan = models.CharField(max_length=60, unique=True, blank=True)
    fen = models.BigIntegerField()
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fen__gte=0), name="monthlyfee_not_negative")]
