from django.db import migrations

GUARD = """
CREATE TRIGGER ticketevent_no_truncate BEFORE TRUNCATE ON tickets_ticketevent
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""


class Migration(migrations.Migration):
    """Nor can a ticket's history be emptied: TRUNCATE passes by the triggers of rows."""

    dependencies = [("tickets", "0003_desk_indexes"), ("journal", "0002_append_only_and_stream")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER ticketevent_no_truncate ON tickets_ticketevent")]
