"""Searches that a person keeps."""

from django.db import models


class SavedView(models.Model):
    """A named search of one user: the list's own query string, shown as a tab of theirs."""

    owner = models.CharField(max_length=40)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=600)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="savedview_once_per_name")]
