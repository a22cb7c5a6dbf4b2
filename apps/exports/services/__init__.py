"""Every write of this room: asking, cancelling, taking the file; the making of it; reports that go out by mail."""

from apps.exports.services.asking import ask_export, cancel_export
from apps.exports.services.handing import HandedOut, hand_out
from apps.exports.services.mail_settings import allow_domains, set_mail_address
from apps.exports.services.mailing import begin, due_schedules, follow
from apps.exports.services.making import make, waiting_exports
from apps.exports.services.posting import send_letter, waiting_letters
from apps.exports.services.scheduling import (
    change_schedule,
    leave_schedule,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    save_schedule,
)
from apps.exports.services.tidying import forget_exports

__all__ = [
    "HandedOut",
    "allow_domains",
    "ask_export",
    "begin",
    "cancel_export",
    "change_schedule",
    "due_schedules",
    "follow",
    "forget_exports",
    "hand_out",
    "leave_schedule",
    "make",
    "pause_schedule",
    "remove_schedule",
    "resume_schedule",
    "save_schedule",
    "send_letter",
    "set_mail_address",
    "waiting_exports",
    "waiting_letters",
]
