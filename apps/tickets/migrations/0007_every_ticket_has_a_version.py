import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Contract: what the versions and the list of clocks have taken over."""

    dependencies = [("tickets", "0006_first_versions")]
    operations = [
        migrations.AlterField(
            model_name="ticket",
            name="type_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.typeversion"
            ),
        ),
        migrations.RemoveField(model_name="ticket", name="accept_overdue"),
        migrations.RemoveField(model_name="ticket", name="resolve_overdue"),
        migrations.RemoveField(model_name="tickettype", name="base_points"),
        migrations.RemoveField(model_name="tickettype", name="skill"),
    ]
