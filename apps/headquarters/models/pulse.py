"""What headquarters knows of each branch from moment to moment: counts, never tickets. Filled from the events."""

from django.db import models


class BranchStateCount(models.Model):
    """How many tickets of a branch stand in a state, as of the branch's applied number."""

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=20)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "state"], name="branchstatecount_once")]


class BranchDaily(models.Model):
    """What happened in a branch on a business day (Asia/Shanghai): opened, closed, voided, overdue."""

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    metric = models.CharField(max_length=12)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "branch", "metric"], name="branchdaily_once")]


class AppliedSeq(models.Model):
    """Up to which event of a branch's stream the counts go. One row per branch; it is also the branch's lock."""

    branch = models.OneToOneField("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    epoch = models.CharField(max_length=36, blank=True)
    seq = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
