from django.db import migrations

GUARD = """
CREATE TRIGGER ticketevent_append_only BEFORE UPDATE OR DELETE ON tickets_ticketevent
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""


class Migration(migrations.Migration):
    """A ticket's history only grows."""

    dependencies = [("tickets", "0001_first_tables"), ("journal", "0002_append_only_and_stream")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER ticketevent_append_only ON tickets_ticketevent")]
