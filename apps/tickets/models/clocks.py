"""What the clocks left behind: breaches and the levels that were told; and the branch's own calendar."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class Breach(models.Model):
    """A clock that ran out: kept for ever, also when the ticket is finished later. One per clock and due.

    An exemption (by a named person, with a reason) takes it out of the figures, not out of the history.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="breaches", db_index=False)
    clock = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cause_class = models.CharField(max_length=20, blank=True)
    department = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.PROTECT, related_name="+")
    exempted_at = models.DateTimeField(null=True)
    exempted_by = models.CharField(max_length=40, blank=True)
    exempted_by_name = models.CharField(max_length=60, blank=True)
    exemption = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "clock", "due_at"], name="breach_once_per_due")]


class ClockNotice(models.Model):
    """A level of a clock that was reached and told: the row is what makes the sweeper do it once.

    `run` counts the starts of the clock, so that a clock which starts anew warns anew.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices", db_index=False)
    clock = models.CharField(max_length=10)
    run = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12)
    told = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "clock", "run", "level"], name="clocknotice_once_per_level")
        ]
        # What customers are owed is counted for the bar: few rows among a year's notices.
        indexes = [models.Index(fields=["ticket"], name="clocknotice_legal", condition=models.Q(level="legal"))]


class ServiceDay(models.Model):
    """A day of the branch that is not like the others: a holiday (no hours) or a day with hours of its own."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=40)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
