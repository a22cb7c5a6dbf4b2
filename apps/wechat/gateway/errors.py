"""Refusals about accounts that several branches share."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, NotFound


class NoSharedAccount(NotFound):
    code = "gateway.no_shared_account"
    message = _("There is no such shared service account.")


class MemberElsewhere(Conflict):
    code = "gateway.member_elsewhere"
    message = _("%(branch)s uses another shared account. Take it out there first; nothing was changed here.")
