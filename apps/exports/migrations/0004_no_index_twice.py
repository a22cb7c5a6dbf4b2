"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("exports", "0003_reports_go_out_by_mail")]
    operations = [
        NoIndexOfItsOwn(
            letter=["mailing"],
            mailing=["schedule"],
        )
    ]
