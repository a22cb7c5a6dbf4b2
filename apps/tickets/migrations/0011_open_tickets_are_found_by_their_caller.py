from django.db import migrations, models

UNFINISHED = ["accepted", "assigned", "awaiting_callback", "in_progress", "on_hold", "pooled", "submitted"]


class Migration(migrations.Migration):
    """Whoever types a report is told of the open one of the same phone or account, however many tickets there are."""

    dependencies = [("tickets", "0010_rare_tickets_are_found_without_reading_all")]
    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["contact_phone"], name="ticket_open_by_phone", condition=models.Q(status__in=UNFINISHED)
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["account_no"],
                name="ticket_open_by_account",
                condition=models.Q(status__in=UNFINISHED) & ~models.Q(account_no=""),
            ),
        ),
    ]
