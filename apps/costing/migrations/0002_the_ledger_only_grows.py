from django.db import migrations

APPEND_ONLY = (
    "costing_workpointentry", "costing_teamdecision", "costing_periodstep", "costing_disputestep",
    "costing_accountversion",
)  # fmt: skip
GUARD = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNGUARD = """
DROP TRIGGER {table}_not_emptied ON {table};
DROP TRIGGER {table}_append_only ON {table};
"""


class Migration(migrations.Migration):
    """Points, decisions and steps are never changed or taken away, not even by who may write the tables."""

    dependencies = [("costing", "0001_first_tables"), ("journal", "0003_no_truncate")]
    operations = [migrations.RunSQL(GUARD.format(table=t), UNGUARD.format(table=t)) for t in APPEND_ONLY]
