"""The callback: every try to reach the customer, and every answer."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class CallbackRecord(models.Model):
    """One answer after the work: by the callback agent, by the customer's own rating, or by silence."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="callbacks")
    channel = models.CharField(max_length=10)
    fixed = models.BooleanField(null=True)
    overcharged = models.BooleanField(null=True)
    on_time = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    complaint = models.CharField(max_length=20, blank=True, db_default="")  # why not satisfied
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()


class CallbackAttempt(models.Model):
    """One try to reach the customer by telephone that brought no answer."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="callback_attempts")
    outcome = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField()
