"""What work is worth in a branch, version by version."""

from django.db import models
from django.db.models import Q


class PointRuleSet(models.Model):
    """One version of the rules (`body`: rules/rulebook.py). Published, it never changes and counts from its date on.

    `note` says how the workers were heard (工量规则要经过协商): without it nothing is published.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, default="draft")  # draft, published, withdrawn
    body = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.CharField(max_length=40)
    drafted_by_name = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, blank=True)
    published_by_name = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True)
    effective_from = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["effective_from"], condition=Q(state="published"), name="pointruleset_one_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(effective_from__isnull=False, published_at__isnull=False),
                name="pointruleset_published_has_dates",
            ),
        ]


class TryOut(models.Model):
    """A month calculated once more with a draft; it writes nothing but itself. `result` is read by rules_read."""

    public_id = models.CharField(max_length=16, unique=True)
    rule_set = models.ForeignKey(PointRuleSet, on_delete=models.CASCADE, related_name="tries")
    month = models.CharField(max_length=7)
    state = models.CharField(max_length=10, default="waiting")  # waiting, running, done, cancelled, failed
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
