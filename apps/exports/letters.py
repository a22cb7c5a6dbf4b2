"""What stands in a letter: which table and days, who wanted it, the file's sum, and how to get no more of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.exports.columns import Source
from apps.exports.models import ExportJob, Letter, Schedule
from apps.exports.sources import SOURCES
from tenants.addresses import address_of
from tenants.context import current_branch

SALT = "steppe.exports.leave"


@dataclass(frozen=True)
class Told:
    """One letter."""

    subject: str
    body: str
    sender: str
    headers: Mapping[str, str]


def written(letter: Letter, row: Schedule, job: ExportJob, *, attached: bool) -> Told:
    """In the active language. One query."""
    branch, table = current_branch(), SOURCES[row.source]
    name = branch.name_en if (get_language() or "").startswith("en") and branch.name_en else branch.name
    days = f"{job.first:%Y-%m-%d} – {job.last:%Y-%m-%d}"
    leave = address_of(reverse("console:export-leave", args=[leaving(letter)]))
    where = _("The file is attached.") if attached else _("The file is too large for a letter. Sign in to take it:")
    lines = [
        f"{table.word}  {days}", name, "", where,
        *([] if attached else [address_of(reverse("console:export-file", args=[job.public_id]))]),
        _("Rows: %(rows)s. SHA-256: %(sum)s") % {"rows": job.total, "sum": job.sha256}, "",
        _("%(name)s asked for this report to be sent.") % {"name": row.asked_name},
        _("To get no more of it: %(link)s") % {"link": leave},
    ]  # fmt: skip
    headers = {
        "Message-ID": f"<{letter.public_id}@{settings.STEPPE_BASE_DOMAIN}>", "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{leave}>",
    }  # fmt: skip
    subject = " ".join(f"{table.word} {days} · {name}".split())
    return Told(subject, "\n".join(lines), settings.STEPPE_MAIL_FROM, headers)


def file_name(table: Source, job: ExportJob) -> str:
    return f"{table.word}_{job.first:%Y%m%d}-{job.last:%Y%m%d}.{job.form}"


def leaving(letter: Letter) -> str:
    """The word of the link by which this address leaves this schedule; it is good in this branch only."""
    told = {"branch": str(current_branch().uuid), "schedule": letter.mailing.schedule.public_id, "to": letter.address}
    return signing.dumps(told, salt=SALT, compress=True)


def leaver(word: str) -> tuple[str, str] | None:
    """The schedule and the address that a link names; None for a link that is not ours."""
    try:
        told = signing.loads(word, salt=SALT)
    except signing.BadSignature:
        return None
    if told.get("branch") != str(current_branch().uuid):
        return None
    return told["schedule"], told["to"]
