"""How tickets belong together: links, bundles of one trip. Parent, incident and master stand on the ticket itself."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class TicketLink(models.Model):
    """`source` is `kind` of `target`: repeat_of, follow_up, related. A duplicate's master is `Ticket.merged_into`."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links", db_index=False)
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="ticketlink_once")]


class TripBundle(models.Model):
    """Tickets of one trip (巡回单): one technician, one journey, one place under the cap."""

    public_id = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=60)
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    planned_for = models.DateField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
