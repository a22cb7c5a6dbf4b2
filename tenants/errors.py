"""Refusals at the branch's door."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import DomainError, Invalid, NotFound


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


class NameTaken(Invalid):
    code = "tenants.name_taken"
    message = _("A branch called %(name)s already exists.")
