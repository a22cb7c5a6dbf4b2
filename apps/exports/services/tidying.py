"""Every night: files that expired go, and rows that nobody needs any more."""

from datetime import timedelta

from django.core.files.storage import default_storage

from apps.exports.models import ExportJob
from apps.exports.services.desks import sweep_desk
from apps.exports.services.making import files_of
from steppe.kernel import clock

REMEMBERED = timedelta(days=90)
AT_ONCE = 1000


def forget_exports() -> int:
    """Expire what has expired; how many. Safe to run twice: the file goes first, then the row says so."""
    now = clock.now()
    old = list(ExportJob.objects.filter(state="done", expires_at__lte=now)[:AT_ONCE])
    for row in old:
        _clear(row)
        ExportJob.objects.filter(pk=row.pk, state="done").update(state="expired", path="", touched_at=now)
    for row in ExportJob.objects.filter(state__in=("cancelled", "failed"), touched_at__lte=now - timedelta(days=1)):
        _clear(row)
    ExportJob.objects.filter(state__in=("cancelled", "failed", "expired"), asked_at__lt=now - REMEMBERED).delete()
    return len(old)


def _clear(row: ExportJob) -> None:
    for path in {*files_of(row), row.path} - {""}:
        default_storage.delete(path)
    sweep_desk(row.public_id)
