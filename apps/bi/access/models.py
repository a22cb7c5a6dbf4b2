"""Who reads reports from outside: people's tokens and the database's reader. In a branch's schema and in `public`."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReportToken(models.Model):
    """A person's key to the reports, and to nothing else. Kept as a sum; what it may read is what the person may.

    `last_used_at` is kept to the minute.
    """

    public_id = models.CharField(max_length=16, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_tokens")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    token_end = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], condition=Q(revoked_at=None), name="reporttoken_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class DatabaseReader(models.Model):
    """The role of the database that reads this schema's views: at most one row. Its password stands nowhere here.

    `role` is a name of the whole server; the truth is in PostgreSQL (services/readers.py).
    """

    role = models.CharField(max_length=63, unique=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=60)
    password_at = models.DateTimeField()
    password_by_name = models.CharField(max_length=60)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.role
