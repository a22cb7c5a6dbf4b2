"""What a ticket is found by. The database writes these rows itself, beside every ticket (migration 0008)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from apps.tickets.models.tickets import Ticket


class TicketWords(models.Model):
    """The words of a ticket as `ticket_words()` spells them, so that trigrams find a part of them in any language.

    `shown`: number and area, for everybody who sees the ticket. `whole`: these, and phone, name, door and account
    number. Apart from the ticket, because a ticket changes twenty times and its words hardly ever: the index would
    be written anew at every grab.
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="words")
    shown = models.TextField()
    whole = models.TextField()

    class Meta:
        indexes = [GinIndex(fields=["whole"], opclasses=["gin_trgm_ops"], name="ticketwords_whole")]
