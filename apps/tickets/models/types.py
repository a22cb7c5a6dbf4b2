"""Ticket types: what a branch works on. A type has versions; a ticket keeps the one it was opened with."""

from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from apps.tickets.rules.definitions import Definition


class TicketType(models.Model):
    """What kind of work, as lists and menus show it now: faults (`trouble`) and orders (`work`).

    `family` says which types are about the same thing (a second report of it is a duplicate). What a ticket must
    carry, and by when it is promised, stands in the versions.
    """

    code = models.CharField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, default="trouble")
    family = models.CharField(max_length=20, default="other")
    icon = models.CharField(max_length=20, default="wrench")
    customer_may_report = models.BooleanField(default=False)
    hq_code = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    enabled = models.BooleanField(default=True)
    number = models.PositiveIntegerField(default=0)  # of the version in force; 0 before the first

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """The type's name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class TypeVersion(models.Model):
    """One published definition of a type; never changed afterwards. `skills` repeats the definition's, for the grab."""

    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    skills = ArrayField(models.CharField(max_length=30), default=list)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40)
    published_by_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="typeversion_numbered_once")]

    def __str__(self) -> str:
        return f"{self.type_id}#{self.number}"

    @cached_property
    def definition(self) -> Definition:
        """What the version says, read."""
        return Definition.read(self.body)
