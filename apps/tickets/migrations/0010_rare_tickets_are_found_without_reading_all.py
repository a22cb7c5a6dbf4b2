from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A channel, a priority or a broken promise that hardly any ticket has would have all of them read."""

    atomic = False
    dependencies = [("tickets", "0009_words_of_earlier_tickets")]
    operations = [
        AddIndexConcurrently("ticket", models.Index(fields=["channel", "-reported_at"], name="ticket_by_channel")),
        AddIndexConcurrently("ticket", models.Index(fields=["priority", "-reported_at"], name="ticket_by_priority")),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                condition=models.Q(("was_overdue", True)), fields=["-reported_at"], name="ticket_once_overdue"
            ),
        ),
    ]
