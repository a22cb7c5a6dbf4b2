"""Who was asked, who tried: push waves, their candidates, and every tap on 抢单."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class PushWave(models.Model):
    """One wave of a ticket: when, how wide (rules/reaches.py), and who was found."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="waves", db_index=False)
    round = models.PositiveSmallIntegerField()
    reach = models.CharField(max_length=8, default="near", db_default="near")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "round"], name="pushwave_once_per_round")]


class PushCandidate(models.Model):
    """A technician considered in a wave: distance, load, score, and whether a card goes out.

    No foreign keys in the database: both ends stand there when it is written, in one statement with its wave, and
    neither is ever deleted. Checking twenty candidates took longer than opening their ticket, and locked twenty rows.
    """

    wave = models.ForeignKey(
        PushWave, on_delete=models.CASCADE, related_name="candidates", db_index=False, db_constraint=False
    )
    technician = models.ForeignKey(
        "people.Technician", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    rank = models.PositiveSmallIntegerField()
    distance_m = models.FloatField()
    open_count = models.PositiveSmallIntegerField()
    score_m = models.FloatField()
    own_grid = models.BooleanField(default=False)
    chosen = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "technician"], name="pushcandidate_once_per_wave")]


class GrabAttempt(models.Model):
    """Every tap on 抢单 and how it ended: `won`, or the refusal's code."""

    ticket_no = models.CharField(max_length=24, db_index=True)
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)
    at = models.DateTimeField()
