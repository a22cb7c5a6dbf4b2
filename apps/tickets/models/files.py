"""Pictures and documents of a ticket."""

from django.db import models

from apps.tickets.models.tickets import Ticket


class Photo(models.Model):
    """A picture of a ticket, decoded and re-encoded by us, or a document. Uploaded first, named by a command later.

    `label` is the requirement it answers (a photo field of the type). Where and when a picture says it was taken is
    read before the camera's data is dropped.
    """

    public_id = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="photos")
    owner = models.CharField(max_length=80)
    stage = models.CharField(max_length=10, default="report")
    kind = models.CharField(max_length=8, default="picture", db_default="picture")
    label = models.CharField(max_length=30, blank=True, db_default="")
    name = models.CharField(max_length=120, blank=True, db_default="")
    path = models.CharField(max_length=200)
    thumb_path = models.CharField(max_length=200, blank=True, db_default="")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(default=0, db_default=0)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(null=True)
    taken_lat = models.FloatField(null=True)
    taken_lng = models.FloatField(null=True)
    uploaded_at = models.DateTimeField()
