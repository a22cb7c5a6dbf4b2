"""Indexes that only repeat the beginning of another one go: each was written with every row."""

from django.db import migrations, models
from django.db.models import Q

from steppe.kernel.postgres.operations import NoIndexOfItsOwn

FEW = ("parent", "merged_into", "incident", "repeat_of", "bundle")
SOME = ("technician", "department")  # with the state; nobody looks for tickets without


def held(*fields: str) -> models.Index:
    """Only the tickets that have the first of them: few, so that it is built in a moment."""
    return models.Index(
        fields=list(fields), name=f"ticket_by_{fields[0]}", condition=Q(**{f"{fields[0]}__isnull": False})
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_what_is_owed_after_the_legal_limit")]
    operations = [
        *(migrations.RemoveIndex("ticket", f"ticket_by_{name}") for name in SOME),
        *(migrations.AddIndex("ticket", held(name, "status")) for name in SOME),
        *(migrations.AddIndex("ticket", held(name)) for name in FEW),
        NoIndexOfItsOwn(
            breach=["ticket"],
            clocknotice=["ticket"],
            pushcandidate=["wave"],
            pushwave=["ticket"],
            ticket=[
                "bundle",
                "customer",
                "department",
                "grid",
                "incident",
                "merged_into",
                "parent",
                "repeat_of",
                "technician",
                "type_version",
            ],
            ticketevent=["ticket"],
            ticketlink=["source"],
            typeversion=["type"],
        ),
    ]
