"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("costing", "0008_what_accounts_are_asked_by")]
    operations = [
        NoIndexOfItsOwn(
            accountversion=["account"],
            linereview=["line"],
            moneyline=["account"],
            paybase=["technician"],
            settlementline=["period"],
            workpointentry=["technician"],
        )
    ]
