from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What the abnormal list asks of an account, and what plans bring in a month."""

    dependencies = [("costing", "0004_money_lines_stay"), ("costing", "0007_a_locked_month_stays")]
    operations = [
        migrations.AddField("ticketaccount", "family", models.CharField(blank=True, default="", max_length=20), False),
        migrations.AddField("ticketaccount", "empty_trip", models.BooleanField(default=False)),
        migrations.AddField(
            "ticketaccount", "repeat_of", models.CharField(blank=True, default="", max_length=16), False
        ),
        migrations.CreateModel(
            name="MonthlyFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.CharField(blank=True, max_length=60, unique=True)),
                ("fen", models.BigIntegerField()),
                ("changed_by", models.CharField(max_length=40)),
                ("changed_at", models.DateTimeField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(fen__gte=0), name="monthlyfee_not_negative")]},
        ),
    ]
