"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations

from steppe.kernel.postgres.operations import NoIndexOfItsOwn


class Migration(migrations.Migration):
    dependencies = [("wechat", "0006_cards_for_staff_about_no_ticket")]
    operations = [
        NoIndexOfItsOwn(
            bindcode=["user"],
            chatanswer=["account"],
            customeridentity=["account"],
            erasure=["account"],
            noticeconsent=["account"],
            phonecode=["identity"],
            pushoutbox=["technician"],
            receipt=["account"],
            staffbinding=["account"],
            takenmedia=["account"],
            tally=["account"],
        )
    ]
