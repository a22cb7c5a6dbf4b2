import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Somebody who keeps a store is told of it, though no ticket is theirs."""

    dependencies = [
        ("accounts", "0001_first_tables"),
        ("wechat", "0005_who_is_to_be_forgotten"),
    ]
    operations = [
        migrations.AddField(
            "pushoutbox",
            "staff",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.user"
            ),
        ),
    ]
