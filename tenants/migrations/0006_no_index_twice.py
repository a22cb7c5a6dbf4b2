"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_how_a_branch_is_made")]
    operations = [
        NoIndexOfItsOwn(
            policychange=["tenant"],
        )
    ]
