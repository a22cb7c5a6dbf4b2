from django.db import migrations

EXTENSIONS = ("cube", "earthdistance", "btree_gist", "pg_trgm")


class Migration(migrations.Migration):
    """Extensions stand in `public`, once; branches reach them through their search_path."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA public", migrations.RunSQL.noop)
        for name in EXTENSIONS
    ]
