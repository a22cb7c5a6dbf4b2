from django.db import migrations, models


class Migration(migrations.Migration):
    """A call rings at one agent: who calls is shown there, and forgotten within a day."""

    dependencies = [("tickets", "0017_passed_legal_limits_are_found_at_once")]
    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=16, unique=True)),
                ("source", models.CharField(max_length=40)),
                ("call_id", models.CharField(max_length=64)),
                ("phone", models.CharField(max_length=30)),
                ("agent_id", models.BigIntegerField()),
                ("rang_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["agent_id", "heard_at"], name="call_of_agent")],
                "constraints": [models.UniqueConstraint(fields=("source", "call_id"), name="call_told_once")],
            },
        ),
    ]
