from django.db import migrations

BATCH = 5000
FILL = """
INSERT INTO tickets_ticketwords (ticket_id, shown, whole) SELECT * FROM ticket_words_between(%s, %s)
ON CONFLICT (ticket_id) DO NOTHING
"""


def fill(apps, schema_editor):
    """Batch by batch; what has changed meanwhile has its words already."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_ticket")
        (last,) = cursor.fetchone()
        for first in range(1, last + 1, BATCH):
            cursor.execute(FILL, [first, first + BATCH - 1])


class Migration(migrations.Migration):
    """Tickets that were there before their words were kept."""

    atomic = False
    dependencies = [("tickets", "0008_tickets_are_found_by_their_words")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
