"""The second index that Django gave each column of text with one (decision 18); new columns get none (schema.py)."""

from django.db import migrations

DROP = """
DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN
        SELECT i.indexrelid FROM pg_index i
          JOIN pg_class c ON c.oid = i.indexrelid
          JOIN pg_opclass o ON o.oid = i.indclass[0]
         WHERE c.relnamespace = current_schema()::regnamespace AND i.indnatts = 1
           AND c.relname LIKE '%\\_like' AND o.opcname IN ('varchar_pattern_ops', 'text_pattern_ops')
    LOOP
        EXECUTE format('DROP INDEX %s', one);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_no_truncate")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
