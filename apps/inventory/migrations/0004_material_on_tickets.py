import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PROTECT = django.db.models.deletion.PROTECT


def _id() -> tuple[str, models.Field]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _to(model: str, null: bool = False) -> models.Field:
    return models.ForeignKey(null=null, on_delete=PROTECT, related_name="+", to=f"inventory.{model}")


class Migration(migrations.Migration):
    """What a type of ticket may use, what was entered on each, what came back; numbers that are meant for a ticket."""

    dependencies = [("inventory", "0003_a_past_balance_is_one_look")]
    operations = [
        migrations.AddField("serial", "account", models.CharField(blank=True, db_default="", max_length=30)),
        migrations.AddField("serial", "held_for", models.CharField(blank=True, db_default="", max_length=16)),
        migrations.AddConstraint(
            "serial",
            models.CheckConstraint(
                condition=Q(held_for="") | Q(state__in=("with_technician", "in_stock")),
                name="serial_held_where_it_lies",
            ),
        ),
        migrations.CreateModel(
            "MaterialRule",
            [
                _id(),
                ("type_code", models.CharField(max_length=30, unique=True)),
                ("recovery", models.BooleanField(default=False)),
                ("tolerance_pct", models.PositiveSmallIntegerField(default=130)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(tolerance_pct__gte=100), name="materialrule_tolerates_the_norm")
                ]
            },
        ),
        migrations.CreateModel(
            "MaterialNorm",
            [
                _id(),
                ("category", models.CharField(blank=True, max_length=30)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("item", _to("item", null=True)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="norms", to="inventory.materialrule"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["rule", "item", "category"], name="norm_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=Q(item__isnull=False, category="") | (Q(item__isnull=True) & ~Q(category="")),
                        name="norm_is_of_an_item_or_a_category",
                    ),
                    models.CheckConstraint(
                        condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="norm_is_positive"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            "Material",
            [
                _id(),
                ("ticket", models.CharField(max_length=16)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12)),
                ("state", models.CharField(default="reserved", max_length=10)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("entered_by", models.CharField(max_length=40)),
                ("entered_at", models.DateTimeField()),
                ("batch", _to("batch", null=True)),
                ("document", _to("document", null=True)),
                ("item", _to("item")),
                ("place", _to("place")),
                ("serial", _to("serial", null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["ticket"], name="material_by_ticket")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["ticket", "round", "place", "item", "batch", "serial"],
                        condition=~Q(state="released"),
                        name="material_once_in_a_round",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        fields=["serial"], condition=Q(state="reserved"), name="material_a_number_on_one_ticket"
                    ),
                    models.CheckConstraint(condition=Q(quantity__gt=0), name="material_quantity_is_positive"),
                    models.CheckConstraint(
                        condition=Q(state__in=("reserved", "posted", "released")), name="material_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(state="posted", document__isnull=False)
                        | (~Q(state="posted") & Q(document__isnull=True)),
                        name="material_posted_has_its_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Recovered",
            [
                _id(),
                ("ticket", models.CharField(max_length=16)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("condition", models.CharField(blank=True, max_length=10)),
                ("why", models.CharField(blank=True, max_length=10)),
                ("fee", models.PositiveBigIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="reserved", max_length=10)),
                ("entered_by", models.CharField(max_length=40)),
                ("entered_at", models.DateTimeField()),
                ("document", _to("document", null=True)),
                ("item", _to("item", null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["ticket"], name="recovered_by_ticket")],
                "constraints": [
                    models.CheckConstraint(
                        condition=(
                            Q(item__isnull=False, condition__in=("good", "repairable", "scrap"), why="") & ~Q(number="")
                        )
                        | Q(item__isnull=True, number="", condition="", why__in=("kept", "lost")),
                        name="recovered_is_a_device_or_a_reason",
                    ),
                    models.UniqueConstraint(
                        fields=["ticket", "item", "number"],
                        condition=~Q(state="released") & ~Q(number=""),
                        name="recovered_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=("reserved", "posted", "released")), name="recovered_state_is_known"
                    ),
                ],
            },
        ),
    ]
