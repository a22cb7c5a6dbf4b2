"""Refusals about tickets, each a sentence a technician or a dispatcher can act on."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound


class TicketNotFound(NotFound):
    code = "tickets.not_found"
    message = _("We could not find this ticket.")


class AlreadyTaken(Conflict):
    """Names who won and when (`winner`, `at` as HH:MM)."""

    code = "tickets.already_taken"
    message = _("%(winner)s took this ticket at %(at)s.")


class NotInPool(Conflict):
    code = "tickets.not_in_pool"
    message = _("This ticket is no longer in the pool.")


class SkillMissing(Conflict):
    code = "tickets.skill_missing"
    message = _("This kind of ticket needs a skill that is not on your record.")


class IllegalTransition(Conflict):
    code = "tickets.illegal_transition"
    message = _("This step is not possible now: the ticket is “%(state)s”.")


class StaleVersion(Conflict):
    code = "tickets.stale_version"
    message = _("The ticket has changed since you opened it. Look at it again, then decide.")


class NotYourTicket(Conflict):
    code = "tickets.not_your_ticket"
    message = _("This ticket is with %(holder)s.")


class SameTechnician(Conflict):
    code = "tickets.same_technician"
    message = _("%(name)s already has this ticket.")


class ReasonMissing(Invalid):
    code = "tickets.reason_missing"
    message = _("Please give a reason.")


class TooFar(Conflict):
    code = "tickets.too_far"
    message = _("You are about %(km)s km away. Give a reason to check in from here.")


class ReopenLimit(Conflict):
    code = "tickets.reopen_limit"
    message = _("This ticket was sent back %(times)s times already. Please talk to the dispatcher.")


class NotAPicture(Invalid):
    code = "tickets.not_a_picture"
    message = _("This file is not a picture we can read. Please choose a JPEG or PNG photo.")


class PictureTooLarge(Invalid):
    code = "tickets.picture_too_large"
    message = _("This picture is larger than %(mb)s MB. Please choose a smaller one.")


class UnknownType(Invalid):
    code = "tickets.unknown_type"
    message = _("Please choose what is broken.")


class AddressMissing(Invalid):
    code = "tickets.address_missing"
    message = _("Please tell us the address, or share your location.")


class UnknownGrid(Invalid):
    code = "tickets.unknown_grid"
    message = _("Please choose the grid it belongs to.")


class AlreadyPlaced(Conflict):
    code = "tickets.already_placed"
    message = _("This ticket belongs to a grid already.")


class SelfCallback(Conflict):
    code = "tickets.self_callback"
    message = _("You worked on or dispatched this ticket; somebody else has to make the callback.")
