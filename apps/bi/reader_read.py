"""The database's reader as a page shows it."""

from apps.bi.access.models import DatabaseReader


def present_reader() -> DatabaseReader | None:
    """The one that is not revoked. One query."""
    return DatabaseReader.objects.filter(revoked_at=None).first()
