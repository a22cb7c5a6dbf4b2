"""What somebody asked for and somebody else decides: return, hold, transfer, reassign, void."""

from django.db import models
from django.db.models import Q

from apps.tickets.models.tickets import Ticket


class TicketRequest(models.Model):
    """A step that waits for approval. At most one pending per ticket; nobody approves their own."""

    STATES = ("pending", "approved", "refused", "withdrawn")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12)
    asked = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    requested_by = models.CharField(max_length=40)
    requested_by_name = models.CharField(max_length=60)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="pending")
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(state="pending"), name="request_one_pending"),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=models.F("requested_by")),
                name="request_not_approved_by_requester",
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], name="request_pending", condition=Q(state="pending"))]
