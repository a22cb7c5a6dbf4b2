"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_one_look_also_without_a_drum")]
    operations = [
        NoIndexOfItsOwn(
            balance=["place"],
            batch=["item"],
            countfinding=["line"],
            countline=["count"],
            countunit=["line"],
            level=["place"],
            line=["document"],
            lineserial=["line"],
            materialnorm=["rule"],
            movement=["entry", "item", "place"],
            serial=["item", "place"],
            serialstep=["entry", "serial"],
            valuation=["item"],
        )
    ]
