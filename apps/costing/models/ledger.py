"""Work points: a ledger that only grows, and what people say about a ticket's work before it is counted."""

from django.db import models
from django.db.models import Q

ENTRY_KINDS = ("earn", "travel", "bonus", "deduction", "clawback", "adjustment", "dispute_correction")


class WorkPointEntry(models.Model):
    """Points of one technician, for one ticket or for none. Never changed or deleted; a balance is a sum.

    Provisional rows stand for work that waits for its callback and belong to no period; when the ticket closes or comes
    back, equal rows with the other sign take them away. `inputs` is what the points were worked out from, to be
    explained line by line. `key` is what was booked: booked once, however often it is tried. `late`: the ticket's own
    month took no entries any more.
    """

    ticket = models.CharField(max_length=16, blank=True)
    ticket_no = models.CharField(max_length=24, blank=True)
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=30, blank=True)  # which deduction, which bonus
    stage = models.CharField(max_length=12)  # provisional, earned
    points = models.DecimalField(max_digits=9, decimal_places=2)
    period = models.CharField(max_length=7, blank=True)
    late = models.BooleanField(default=False)
    rule_set = models.ForeignKey("costing.PointRuleSet", null=True, on_delete=models.PROTECT, related_name="+")
    inputs = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    key = models.CharField(max_length=80, unique=True)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ENTRY_KINDS), name="workpointentry_kind_is_known"),
            models.CheckConstraint(
                condition=Q(stage="provisional", period="") | Q(stage="earned") & ~Q(period=""),
                name="workpointentry_earned_has_its_period",
            ),
        ]
        indexes = [
            models.Index(fields=["period", "technician", "id"], name="workpointentry_of_a_month"),
            models.Index(fields=["ticket", "id"], name="workpointentry_of_a_ticket", condition=~Q(ticket="")),
            models.Index(fields=["technician", "-id"], name="workpointentry_newest"),
        ]


class WorkClaim(models.Model):
    """What the main technician says of a ticket's work beside its form: difficulty, extra quantities, kilometres.

    The latest one counts. What brings more (a hard job, quantities, kilometres) counts only when the grid
    leader has confirmed it.
    """

    ticket = models.CharField(max_length=16, db_index=True)
    org_path = models.CharField(max_length=120, db_default="/")  # of the ticket: who leads there decides
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    difficulty = models.CharField(max_length=20, blank=True)
    quantities = models.JSONField(default=dict)
    km = models.DecimalField(max_digits=7, decimal_places=1, null=True)  # whole round trip
    own_car = models.BooleanField(default=False)
    evidence = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="proposed")  # proposed, confirmed, refused, replaced
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=["proposed", "confirmed"]), name="workclaim_one_counts"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="workclaim_waiting", condition=Q(state="proposed"))]


class TeamAnswer(models.Model):
    """What somebody who helped says of the shares: agreed, or not and why."""

    ticket = models.CharField(max_length=16)
    org_path = models.CharField(max_length=120, db_default="/")  # of the ticket: who leads there decides
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    settled = models.BooleanField(default=False, db_default=False)  # the grid leader has decided since
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "technician"], name="teamanswer_once_each")]
        indexes = [
            models.Index(fields=["at"], name="teamanswer_contested", condition=Q(agrees=False, settled=False)),
        ]


class TeamDecision(models.Model):
    """The shares as the grid leader decided them: `shares` is technician id (as text) → per cent; the newest counts."""

    ticket = models.CharField(max_length=16, db_index=True)
    shares = models.JSONField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()


class RepeatReview(models.Model):
    """A ticket that repeats an earlier one, until the grid leader says whether the first visit's workmanship was it.

    One that was opened again after it had been paid (T20) repeats itself: `first` is the ticket.
    """

    ticket = models.CharField(max_length=16, unique=True)  # the repeat
    first = models.CharField(max_length=16, db_index=True)
    org_path = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="open")  # open, workmanship, other
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["found_at"], name="repeatreview_open", condition=Q(state="open"))]

    @property
    def reopened(self) -> bool:
        return self.ticket == self.first
