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
