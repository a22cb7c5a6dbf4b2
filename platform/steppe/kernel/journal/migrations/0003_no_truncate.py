from django.db import migrations

GUARD = """
CREATE TRIGGER auditentry_no_truncate BEFORE TRUNCATE ON journal_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""


class Migration(migrations.Migration):
    """The audit cannot be emptied either: TRUNCATE passes by the triggers of rows."""

    dependencies = [("journal", "0002_append_only_and_stream")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER auditentry_no_truncate ON journal_auditentry")]
