from django.db import migrations, models


class Migration(migrations.Migration):
    """The bar counts what customers are owed on every page of the administrator: few rows among a year's notices."""

    dependencies = [("tickets", "0016_numbers_of_tabs_are_counted_in_indexes")]
    operations = [
        migrations.AddIndex(
            model_name="clocknotice",
            index=models.Index(fields=["ticket"], name="clocknotice_legal", condition=models.Q(level="legal")),
        ),
    ]
