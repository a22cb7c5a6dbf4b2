"""A case on its way to another branch: what leaves here, and what is offered to us. The record both share is
headquarters' (`public`); each branch writes its own rows only."""

from django.db import models
from django.db.models import Q

from apps.tickets.models.tickets import Ticket


class Departure(models.Model):
    """A ticket that shall go to another branch, agreed here; the ticket stays workable until the other side has it.

    `wish` is the code of the branch that was asked for, if any; headquarters decides where it goes. One runs at a time.
    """

    STATES = ("waiting", "gone", "refused", "withdrawn", "overtaken")

    link_id = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="departures")
    reason = models.CharField(max_length=300)
    wish = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    approved_by = models.CharField(max_length=40)
    approved_by_name = models.CharField(max_length=60)
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    went_to = models.CharField(max_length=80, blank=True)
    new_ticket_no = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(state="waiting"), name="departure_one_at_a_time"),
        ]
        indexes = [models.Index(fields=["-approved_at"], name="departure_newest")]


class Arrival(models.Model):
    """A case another branch would hand over to us. `offer` tells what it is about, without name, phone or door."""

    STATES = ("offered", "accepted", "refused", "withdrawn", "opened")

    link_id = models.CharField(max_length=16, unique=True)
    offer = models.JSONField()
    state = models.CharField(max_length=10, default="offered")
    type_code = models.CharField(max_length=30, blank=True)
    offered_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="arrival")

    class Meta:
        indexes = [models.Index(fields=["-offered_at"], name="arrival_newest")]
