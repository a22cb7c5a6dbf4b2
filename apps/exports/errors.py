"""Why an export cannot be had: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound


class SourceNotFound(NotFound):
    code = "exports.source_not_found"
    message = _("There is no such table to export here.")


class ExportNotFound(NotFound):
    code = "exports.not_found"
    message = _("There is no such export here.")


class BadExport(Invalid):
    code = "exports.bad_export"
    message = _("This export cannot be made as it was asked for.")


class TooManyRows(Invalid):
    code = "exports.too_many_rows"
    message = _("%(form)s holds at most %(most)s rows; these are %(rows)s. Choose a shorter period, or another format.")


class TooManyAtOnce(Conflict):
    code = "exports.too_many_at_once"
    message = _("%(count)s of your exports are not done yet. Wait for one of them, or cancel one.")


class NotReady(Conflict):
    code = "exports.not_ready"
    message = _("This export has no file. Ask for it again.")


class ScheduleNotFound(NotFound):
    code = "exports.schedule_not_found"
    message = _("There is no such scheduled report here.")


class BadSchedule(Invalid):
    code = "exports.bad_schedule"
    message = _("This report cannot be scheduled as it was asked for.")


class MailNotSetUp(Conflict):
    code = "exports.mail_not_set_up"
    message = _("Mail is not set up on this system: whoever runs it names a mail server first.")


class TooManySchedules(Conflict):
    code = "exports.too_many_schedules"
    message = _("You have %(count)s scheduled reports already. Remove one first.")


class ScheduleMoved(Conflict):
    code = "exports.schedule_moved"
    message = _("Somebody has changed this report meanwhile. Look at it again, then change it.")


class BadMailSettings(Invalid):
    code = "exports.bad_mail_settings"
    message = _("This cannot be kept as it was entered.")


class Over(Conflict):
    code = "exports.over"
    message = _("This export is over already; there is nothing to cancel.")
