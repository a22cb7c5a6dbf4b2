"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("headquarters", "0010_how_evenly_points_lie")]
    operations = [
        NoIndexOfItsOwn(
            branchmonth=["branch"],
            branchstatecount=["branch"],
            branchtype=["branch"],
            dailyfact=["branch"],
            dirtymonth=["branch"],
            dirtyticket=["branch"],
            factdifference=["branch"],
            factname=["branch"],
            ticketfact=["branch"],
            typemapping=["branch"],
        )
    ]
