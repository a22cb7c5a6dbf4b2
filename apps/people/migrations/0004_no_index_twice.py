"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("people", "0003_duty_spans")]
    operations = [
        NoIndexOfItsOwn(
            dutyspan=["technician"],
        )
    ]
