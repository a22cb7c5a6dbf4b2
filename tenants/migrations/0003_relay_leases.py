import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A row per branch says which relay numbers its events, so that several relays share the work."""

    dependencies = [("tenants", "0002_branches")]
    operations = [
        migrations.CreateModel(
            name="RelayLease",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.tenant",
                    ),
                ),
                ("owner", models.CharField(max_length=64)),
                ("until", models.DateTimeField()),
            ],
        ),
    ]
