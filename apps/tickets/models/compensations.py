"""What the customer is owed once the law's limit has passed, as the branch decided it."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class Compensation(models.Model):
    """The decision, once for each ticket; 0 fen: none is due, and the note says why.

    That one is to be decided needs no row: the resolve clock's level `legal` was told (ClockNotice), and nothing stands
    here. Paying it is an expense of the ticket (costing), entered by who pays.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="compensation")
    amount_fen = models.PositiveIntegerField()
    note = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=40)
    decided_by_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
