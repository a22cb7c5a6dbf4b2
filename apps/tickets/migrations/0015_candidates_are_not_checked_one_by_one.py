"""Twenty candidates of a wave were checked one by one against technicians and waves, each locking a row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_no_index_twice"),
        ("tickets", "0014_no_index_twice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pushcandidate",
            name="technician",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.technician",
            ),
        ),
        migrations.AlterField(
            model_name="pushcandidate",
            name="wave",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="candidates",
                to="tickets.pushwave",
            ),
        ),
    ]
