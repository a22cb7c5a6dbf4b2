"""Refusals about people."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated


class WrongPassword(Unauthenticated):
    code = "people.wrong_sign_in"
    message = _("User name or password is not right.")


class TooManySignIns(TooMany):
    code = "people.too_many_sign_ins"
    message = _("Too many wrong tries. Please wait %(seconds)s seconds and try again.")


class CapReached(Conflict):
    code = "people.cap_reached"
    message = _("%(name)s already holds %(cap)s open tickets. Finish one first.")


class OffDuty(Conflict):
    code = "people.off_duty"
    message = _("%(name)s is off duty. Start listening for tickets first.")


class TechnicianNotFound(NotFound):
    code = "people.technician_not_found"
    message = _("We could not find this technician in your part of the branch. Choose somebody from the list.")


class BadPhone(Invalid):
    code = "people.bad_phone"
    message = _("This is not a phone number we can call back. A mobile has 11 digits; a line its area code, please.")
