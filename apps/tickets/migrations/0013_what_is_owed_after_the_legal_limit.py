import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Past the law's limit somebody decides what the customer is owed, once for each ticket."""

    dependencies = [("tickets", "0012_cases_between_branches")]
    operations = [
        migrations.CreateModel(
            name="Compensation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_fen", models.PositiveIntegerField()),
                ("note", models.CharField(max_length=300)),
                ("decided_by", models.CharField(max_length=40)),
                ("decided_by_name", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField()),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="compensation", to="tickets.ticket"
                    ),
                ),
            ],
        ),
    ]
