from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_choices_and_templates_of_shared_accounts")]

    operations = [
        migrations.RemoveField("keptvalue", "failed_until"),
        migrations.RemoveField("keptvalue", "failure"),
        # Nothing was ever written here before: no value without an end has to be looked after.
        migrations.AlterField("keptvalue", "expires_at", models.DateTimeField()),
        migrations.AlterField("keptvalue", "sealed", models.TextField()),
    ]
