import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tries are counted by silence, sessions end all at once, a role is held at a named node and nowhere by default."""

    dependencies = [("accounts", "0001_first_tables")]
    operations = [
        migrations.AddField("user", "session_epoch", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "signinattempt", "counted_at", models.DateTimeField(default=django.utils.timezone.now, db_index=True)
        ),
        migrations.AddField("signinattempt", "good_at", models.DateTimeField(null=True)),
        migrations.AlterField("rolegrant", "org_path", models.CharField(max_length=120)),
        migrations.AddConstraint(
            "rolegrant",
            models.CheckConstraint(
                condition=models.Q(("org_path__regex", r"^/([0-9]+/)*$")), name="rolegrant_path_is_a_node"
            ),
        ),
    ]
