"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_systems_of_others")]
    operations = [
        NoIndexOfItsOwn(
            openedticket=["partner"],
        )
    ]
