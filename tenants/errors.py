"""Refusals at the branch's door."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, DomainError, Invalid, NotFound


class UnknownHost(NotFound):
    code = "tenants.unknown_host"
    message = _("There is no branch at this address. Please check the link.")


class BranchSuspended(DomainError):
    code = "tenants.branch_suspended"
    status = 403
    message = _("This branch is suspended. Your data is safe; please contact headquarters.")


class BranchNotReady(DomainError):
    code = "tenants.branch_not_ready"
    status = 503
    message = _("This branch is being prepared. Please come back in a few minutes.")


class PolicyMoved(Conflict):
    code = "tenants.policy_moved"
    message = _("Somebody has changed the settings meanwhile. Look at them again; yours are still here.")


class NameTaken(Invalid):
    code = "tenants.name_taken"
    message = _("A branch called %(name)s already exists.")


class BadSlug(Invalid):
    code = "tenants.bad_slug"
    message = _(
        "“%(slug)s” cannot be a subdomain. Use 2 to 30 characters of a-z, 0-9 and single hyphens; begin with a letter."
    )


class SlugReserved(Invalid):
    code = "tenants.slug_reserved"
    message = _("The subdomain “%(slug)s” is reserved. Please choose another one.")


class BadCode(Invalid):
    code = "tenants.bad_code"
    message = _("“%(code)s” cannot be a branch's code. Use 2 to 8 characters of A-Z and 0-9; begin with a letter.")


class BadName(Invalid):
    code = "tenants.bad_name"
    message = _("A branch needs a name of at most %(limit)s characters.")
