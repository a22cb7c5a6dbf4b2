import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("costing", "0001_first_tables")]
    operations = [
        migrations.AddField(
            model_name="settlementrun", name="preview", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.CreateModel(
            name="LineReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=14)),
                ("by", models.CharField(max_length=40)),
                ("by_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="costing.settlementline"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("line", "level"), name="linereview_once_a_level"),
                    models.UniqueConstraint(fields=("line", "by"), name="linereview_one_level_each"),
                ],
            },
        ),
    ]
