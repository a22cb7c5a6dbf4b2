"""What a month may cost, and what a ticket of a type usually costs."""

from django.db import models
from django.db.models import Q


class Budget(models.Model):
    """Fen for a month, for the whole branch or a sub-branch, for all types or one, for all elements or one."""

    month = models.CharField(max_length=7)
    sub_branch = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    type_code = models.CharField(max_length=30, blank=True)
    element = models.CharField(max_length=14, blank=True)
    fen = models.BigIntegerField()
    tickets = models.PositiveIntegerField(null=True)  # the volume it was planned for
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "sub_branch", "type_code", "element"], name="budget_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(fen__gte=0), name="budget_not_negative"),
        ]


class CostNorm(models.Model):
    """定额: what a ticket of this type usually costs in this element; `quantity` where it is counted (points, km)."""

    type_code = models.CharField(max_length=30)
    element = models.CharField(max_length=14)
    fen = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type_code", "element"], name="costnorm_once"),
            models.CheckConstraint(condition=Q(fen__gte=0), name="costnorm_not_negative"),
        ]
