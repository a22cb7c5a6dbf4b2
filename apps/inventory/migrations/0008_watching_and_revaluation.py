import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

CASCADE = django.db.models.deletion.CASCADE
KINDS = (
    "receipt", "issue", "return", "transfer", "supplier_return", "repair", "scrap", "claim", "consumption", "recovery",
    "surplus", "shortage", "relocation", "revaluation",
)  # fmt: skip


class Migration(migrations.Migration):
    """Levels of places and warnings; and entries that change what goods are worth, not how many there are."""

    dependencies = [("inventory", "0007_posted_papers_stay_as_they_were")]
    operations = [
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("min_level", models.DecimalField(decimal_places=2, max_digits=12)),
                ("lead_days", models.PositiveSmallIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.ForeignKey(on_delete=CASCADE, related_name="levels", to="inventory.place")),
                ("item", models.ForeignKey(on_delete=CASCADE, related_name="levels", to="inventory.item")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "item"), name="level_once"),
                    models.CheckConstraint(condition=Q(min_level__gt=0), name="level_is_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=14)),
                ("level", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("suggested", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("place", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="inventory.place")),
                ("item", models.ForeignKey(on_delete=CASCADE, related_name="+", to="inventory.item")),
                ("batch", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="inventory.batch")),
            ],
            options={
                "indexes": [models.Index(fields=["ended_at", "kind", "id"], name="warning_open")],
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=("low", "idle", "van")), name="warning_kind_is_known"),
                    models.UniqueConstraint(
                        fields=("kind", "place", "item", "batch"), condition=Q(ended_at__isnull=True),
                        name="warning_open_once", nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint("movement", "movement_moves_something"),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(condition=~Q(delta=0) | ~Q(value=0), name="movement_moves_something"),
        ),
        migrations.RemoveConstraint("document", "document_kind_is_known"),
        migrations.AddConstraint(
            "document", models.CheckConstraint(condition=Q(kind__in=KINDS), name="document_kind_is_known")
        ),
    ]  # fmt: skip
