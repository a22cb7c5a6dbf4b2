from django.db import migrations, models

KNOWN = ["tickets", "open", "contact", "events", "stock", "calls"]


class Migration(migrations.Migration):
    """A scope of its own for the branch's telephone system."""

    dependencies = [("partners", "0002_no_index_twice")]
    operations = [
        migrations.RemoveConstraint(model_name="partner", name="partner_scopes_are_known"),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__contained_by", KNOWN)), name="partner_scopes_are_known"
            ),
        ),
    ]
