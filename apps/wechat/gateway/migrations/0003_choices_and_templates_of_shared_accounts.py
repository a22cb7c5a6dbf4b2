"""A visit may end in a choice of the branch; headquarters keeps the templates; a person may be known in several."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_shared_accounts_and_sign_ins"), ("tenants", "0004_what_a_branch_decided")]

    operations = [
        migrations.AddField("sharedaccount", "templates", models.JSONField(blank=True, default=dict)),
        migrations.AddField("sharedaccount", "rotated_at", models.DateTimeField(null=True)),
        migrations.AddField("sharedperson", "known_in", models.JSONField(blank=True, default=list)),
        migrations.AddField("signinvisit", "restarted", models.BooleanField(default=False)),
        migrations.AlterField(
            "signinvisit",
            "tenant",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddConstraint(
            "sharedmember", models.UniqueConstraint(fields=["tenant"], name="sharedmember_one_account")
        ),
    ]
