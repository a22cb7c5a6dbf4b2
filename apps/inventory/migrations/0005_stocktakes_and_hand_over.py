import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Stocktakes; and who shipped, who is never who receives."""

    dependencies = [
        ("inventory", "0004_material_on_tickets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=30)),
                ("state", models.CharField(default="counting", max_length=12)),
                ("version", models.PositiveIntegerField(default=1)),
                ("frozen_steps", models.BigIntegerField(default=0)),
                ("opened_by", models.CharField(max_length=40)),
                ("opened_name", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("closed_by", models.CharField(blank=True, max_length=40)),
                ("closed_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_name", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("lines_counted", models.PositiveIntegerField(default=0)),
                ("lines_right", models.PositiveIntegerField(default=0)),
                ("value", models.BigIntegerField(default=0)),
                ("papers", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="CountFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=12)),
                ("movable", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listed", models.BooleanField(default=True)),
                ("frozen", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("frozen_upto", models.BigIntegerField(default=0)),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                ("counted", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("expected", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("difference", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("value", models.BigIntegerField(default=0)),
                ("moved", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="CountUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.PositiveSmallIntegerField()),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("upto", models.BigIntegerField(default=0)),
                ("reserved", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("by", models.CharField(max_length=40)),
                ("by_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("undone", models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="document_kind_is_known",
        ),
        migrations.AddField(
            model_name="document",
            name="shipped_by",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "receipt",
                            "issue",
                            "return",
                            "transfer",
                            "supplier_return",
                            "repair",
                            "scrap",
                            "claim",
                            "consumption",
                            "recovery",
                            "surplus",
                            "shortage",
                            "relocation",
                        ),
                    )
                ),
                name="document_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shipped_by", ""), models.Q(("posted_by", models.F("shipped_by")), _negated=True), _connector="OR"
                ),
                name="document_not_received_by_who_shipped",
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.place"
            ),
        ),
        migrations.AddField(
            model_name="countfinding",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.place"
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="batch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.batch"
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="count",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="inventory.count"
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="item",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.item"),
        ),
        migrations.AddField(
            model_name="countfinding",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="inventory.countline"
            ),
        ),
        migrations.AddField(
            model_name="countunit",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="units", to="inventory.countline"
            ),
        ),
        migrations.AddField(
            model_name="countunit",
            name="serial",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.serial"
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="inventory.countline"
            ),
        ),
        migrations.AddIndex(
            model_name="count",
            index=models.Index(fields=["-opened_at", "-id"], name="count_newest"),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("counting", "closed", "posted", "withdrawn"))),
                name="count_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "posted"), _negated=True),
                    models.Q(
                        models.Q(("decided_by", models.F("opened_by")), _negated=True),
                        models.Q(("decided_by", models.F("closed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="count_not_approved_by_who_opened_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("lines_right__lte", models.F("lines_counted"))), name="count_right_of_those_counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("counting", "closed"))),
                fields=("place", "category"),
                name="count_one_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                fields=("count", "item", "batch"), name="countline_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="countfinding",
            constraint=models.UniqueConstraint(fields=("line", "number"), name="countfinding_once"),
        ),
        migrations.AddConstraint(
            model_name="countfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("missing", "new", "elsewhere"))), name="countfinding_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="countunit",
            constraint=models.UniqueConstraint(fields=("line", "serial"), name="countunit_once"),
        ),
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(condition=models.Q(("undone", False)), fields=["line", "turn"], name="tally_of_a_turn"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="tally_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone", False), models.Q(("number", ""), _negated=True)),
                fields=("line", "turn", "number"),
                name="tally_number_once",
            ),
        ),
    ]
