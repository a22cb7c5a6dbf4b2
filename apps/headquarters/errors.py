"""Refusals of headquarters, each a sentence somebody can act on."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound


class HandoverNotFound(NotFound):
    code = "headquarters.handover_not_found"
    message = _("We could not find this hand-over.")


class HandoverDecided(Conflict):
    code = "headquarters.handover_decided"
    message = _("This hand-over has gone on meanwhile. Look at it again.")


class NoSuchTarget(Invalid):
    code = "headquarters.no_such_target"
    message = _("Please choose an open branch that is not its own.")


class TargetMissing(Invalid):
    code = "headquarters.reason_missing"
    message = _("Please say why.")


class NoSuchBranch(NotFound):
    code = "headquarters.no_such_branch"
    message = _("We could not find this branch.")


class NoSuchKpi(NotFound):
    code = "headquarters.no_such_kpi"
    message = _("We could not find this figure.")


class BranchAway(Conflict):
    """The branch is suspended or being opened: its own rows are not to be read now; the figures stay."""

    code = "headquarters.branch_away"
    message = _(
        "This branch is not open at the moment. Its figures stay, its tickets can be seen when it is open again."
    )


class NoSuchType(NotFound):
    code = "headquarters.no_such_type"
    message = _("We could not find this type of this branch.")


class NoCommonCode(Invalid):
    code = "headquarters.no_common_code"
    message = _("Please choose one of the common types.")


class NothingToMap(Conflict):
    code = "headquarters.nothing_to_map"
    message = _("This type is a common one itself; it counts as what it is.")


class TemplateMoved(Conflict):
    code = "headquarters.template_moved"
    message = _("This template has got a new version meanwhile. Look at it again.")


class SameTemplate(Conflict):
    code = "headquarters.same_template"
    message = _("The branch's type says what the template says already.")


class NoteMissing(Invalid):
    code = "headquarters.note_missing"
    message = _("Please say what is new in it.")


class NotOffered(Conflict):
    code = "headquarters.not_offered"
    message = _("This template is not offered to you any more. Look at the list again.")
