"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("gateway", "0004_a_kept_value_always_ends")]
    operations = [
        NoIndexOfItsOwn(
            sharedmember=["account", "tenant"],
            sharedperson=["account"],
        )
    ]
