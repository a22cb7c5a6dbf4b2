"""A letter goes out, by the mail server that the environment names. Never twice to the same address for one period.

The row says that it is being sent before the server hears of it. Before the letter is handed over every fault is tried
again, later and later. Once it was handed over and the line broke, nobody knows: it stays unsure and is not sent again.
"""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.exports import letters
from apps.exports.models import Letter
from apps.exports.rules.mailing import wait_after
from apps.exports.services.handing import is_there
from apps.exports.sources import SOURCES
from apps.exports.writers import FORMS
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.journal_store import write_note
from tenants.context import policy

LOST = clock.minutes(10)  # longer than a server may take: who sent it has died
AT_ONCE = 50
MB = 1_000_000
log = logging.getLogger("steppe.exports")


class Refused(Exception):
    """The server said no, for good."""


class Later(Exception):
    """The server was not there, or said not now: nothing has been handed over."""


def waiting_letters() -> list[str]:
    """Those whose time has come. What was being sent when its sender died stays unsure. Two queries."""
    now = clock.now()
    dead = Letter.objects.filter(state="sending", next_try_at__lte=now)
    dead.update(state="unsure", next_try_at=None, touched_at=now)
    rows = Letter.objects.filter(state="waiting", next_try_at__lte=now).order_by("next_try_at")
    return list(rows.values_list("public_id", flat=True)[:AT_ONCE])


def send_letter(public_id: str) -> str:
    """Send one; the state it ends in. Harmless twice or at the same time: only who claims the row sends."""
    letter = _claimed(public_id)
    if letter is None:
        return Letter.objects.filter(public_id=public_id).values_list("state", flat=True).first() or "gone"
    with override(letter.mailing.schedule.language):
        try:
            _hand_over(_message(letter))
        except Later as fault:
            wait = wait_after(letter.tries)
            return _end(letter, "waiting" if wait else "failed", str(fault), wait)
        except Refused as fault:
            return _end(letter, "failed", str(fault))
        except Exception as fault:
            log.exception("letter broke off", extra={"letter": letter.public_id})
            return _end(letter, "unsure", f"{type(fault).__name__}")
        return _end(letter, "sent")


def _claimed(public_id: str) -> Letter | None:
    now = clock.now()
    rows = Letter.objects.filter(public_id=public_id, state="waiting", next_try_at__lte=now)
    for row in rows:
        mine = {"state": "sending", "tries": row.tries + 1, "next_try_at": now + LOST, "touched_at": now}
        if rows.filter(tries=row.tries).update(**mine):
            return Letter.objects.select_related("mailing__schedule", "mailing__export").get(pk=row.pk)
    return None


def _message(letter: Letter) -> EmailMessage:
    """With the file, if it is small enough; else staff find where it lies. Raises Refused."""
    row, job = letter.mailing.schedule, letter.mailing.export
    if job is None or not is_there(job):
        raise Refused(_("The file is not there any more."))
    attached = job.size <= policy().report_mail_max_mb * MB
    if not attached and letter.user_id is None:
        raise Refused(_("The file is too large to be attached, and who is not of the branch cannot sign in for it."))
    told = letters.written(letter, row, job, attached=attached)
    message = EmailMessage(told.subject, told.body, told.sender, [letter.address], headers=dict(told.headers))
    if attached:
        with default_storage.open(job.path) as file:
            mime = FORMS[job.form].mime.partition(";")[0]
            message.attach(letters.file_name(SOURCES[job.source], job), file.read(), mime)
    return message


def _hand_over(message: EmailMessage) -> None:
    """Raises Later, Refused; anything else: it may have arrived."""
    line = get_connection()
    try:
        line.open()
    except (OSError, SMTPException) as error:
        raise Later(_said(error)) from error
    try:
        line.send_messages([message])
    except SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise (Refused if all(code >= 500 for code in codes) else Later)(_said(error)) from error
    except SMTPResponseException as error:
        raise (Refused if error.smtp_code >= 500 else Later)(_said(error)) from error
    finally:
        _close(line)


def _close(line: object) -> None:
    """What goes wrong after the letter was taken is no fault of the letter."""
    try:
        line.close()  # type: ignore[attr-defined]
    except (OSError, SMTPException):
        log.info("mail line broke while it was closed")


def _said(error: Exception) -> str:
    """What the server said, without addresses of others."""
    if isinstance(error, SMTPResponseException):
        words = error.smtp_error
        return f"{error.smtp_code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:400]
    return f"{type(error).__name__}: {error}"[:400]


def _end(letter: Letter, state: str, trouble: str = "", wait: object = None) -> str:
    now = clock.now()
    told = {"state": state, "trouble": trouble[:400], "touched_at": now}
    Letter.objects.filter(pk=letter.pk).update(next_try_at=now + wait if wait else None, **told)  # type: ignore[operator]
    mailing = letter.mailing
    facts = {
        "schedule": mailing.schedule.public_id, "to": letter.address, "state": state, "first": mailing.first,
        "last": mailing.last, "sha256": mailing.export.sha256 if mailing.export else "",
    }  # fmt: skip
    write_note("exports.send_letter", SYSTEM, facts, entity="letter", entity_id=letter.pk)
    return state
