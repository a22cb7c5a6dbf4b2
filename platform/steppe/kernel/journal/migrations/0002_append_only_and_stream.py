import uuid

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON journal_auditentry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""
UNGUARD = """
DROP TRIGGER auditentry_append_only ON journal_auditentry;
DROP FUNCTION journal_refuse_change();
"""


def first_row(apps, schema_editor):
    apps.get_model("journal", "EventStream").objects.get_or_create(id=1, defaults={"epoch": uuid.uuid4()})


class Migration(migrations.Migration):
    """The stream's one row, and the audit that nobody rewrites. The function is used by other rooms' history too."""

    dependencies = [("journal", "0001_first_tables")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(first_row, migrations.RunPython.noop),
    ]
