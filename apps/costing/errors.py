"""Why a thing of points and money cannot be done: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class TicketUnknown(NotFound):
    code = "costing.ticket_unknown"
    message = _("There is no such ticket among those whose points you may see.")


class EntryNotFound(NotFound):
    code = "costing.entry_not_found"
    message = _("There is no such entry among the points you may see.")


class ClaimNotFound(NotFound):
    code = "costing.claim_not_found"
    message = _("There is no such claim here, or it was replaced by a newer one. Reload the page.")


class ReviewNotFound(NotFound):
    code = "costing.review_not_found"
    message = _("There is no such repeat to decide here.")


class NotMainTechnician(NotAllowed):
    code = "costing.not_main_technician"
    message = _("Only who finished this ticket as its main technician says what the work was.")


class NotInTeam(NotAllowed):
    code = "costing.not_in_team"
    message = _("You are not one of those who helped on this ticket.")


class OwnMatter(NotAllowed):
    code = "costing.own_matter"
    message = _("This is about your own work. A colleague who may decide has to do it.")


class NotFinished(Conflict):
    code = "costing.not_finished"
    message = _("This ticket is not finished. Say it when the work is done.")


class ClaimDecided(Conflict):
    code = "costing.claim_decided"
    message = _("%(name)s has decided about this claim already. Reload the page.")


class SharesDecided(Conflict):
    code = "costing.shares_decided"
    message = _("%(name)s has decided about the shares already. Speak to them if it is wrong.")


class ReviewDecided(Conflict):
    code = "costing.review_decided"
    message = _("%(name)s has decided about this repeat already.")


class AlreadyTakenBack(Conflict):
    code = "costing.already_taken_back"
    message = _("This entry was taken back already.")


class NotByHand(Conflict):
    code = "costing.not_by_hand"
    message = _("Only a bonus or a deduction is taken back by hand. For the work of a ticket the technician disputes.")


class NeedsReviewer(NotAllowed):
    code = "costing.needs_reviewer"
    message = _("This deduction needs a second look: the department's manager or the administrator enters it.")


class BadClaim(Invalid):
    code = "costing.bad_claim"


class BadShares(Invalid):
    code = "costing.bad_shares"


class BadEntry(Invalid):
    code = "costing.bad_entry"


class BadDecision(Invalid):
    code = "costing.bad_decision"
