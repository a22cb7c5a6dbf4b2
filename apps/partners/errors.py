"""Refusals of this room: of its pages, and of the interfaces that partners use."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, Unauthenticated


class NoToken(Unauthenticated):
    """One sentence for a token that is missing, unknown, expired, revoked or another branch's: they look alike."""

    code = "partners.no_token"
    message = _("This token is not valid here.")


class ScopeMissing(NotAllowed):
    code = "partners.scope_missing"
    message = _("This token does not have the scope %(scope)s.")


class TooFast(TooMany):
    code = "partners.too_fast"


class PartnerNotFound(NotFound):
    code = "partners.not_found"
    message = _("We could not find this system.")


class ListenerNotFound(NotFound):
    code = "partners.listener_not_found"
    message = _("We could not find this listener.")


class DeliveryNotFound(NotFound):
    code = "partners.delivery_not_found"
    message = _("We could not find this delivery.")


class HubNotFound(NotFound):
    code = "partners.hub_not_found"
    message = _("There is no such interface.")


class BadPartner(Invalid):
    code = "partners.bad_partner"
    message = _("Please check what you entered.")


class NameInUse(Invalid):
    code = "partners.name_in_use"
    message = _("A system of this name is connected already.")


class BadHost(Invalid):
    code = "partners.bad_host"
    message = _("Please give a host as bss.example.com, with a port only if it is not 443.")


class HostNotAllowed(Invalid):
    code = "partners.host_not_allowed"
    message = _("The branch does not allow calls to %(host)s. Its administrator keeps the list.")


class BadCallback(Invalid):
    code = "partners.bad_callback"
    message = _("The callback must be an https address with a host name, without a user or a fragment.")


class BadQuery(Invalid):
    code = "partners.bad_query"
    message = _("This hub knows only queries such as eventType=%(known)s.")


class ListenerThere(Conflict):
    code = "partners.listener_there"
    message = _("This listener is registered already.")


class ExternalIdTaken(Conflict):
    code = "partners.external_id_taken"
    message = _("Another report was already sent under this externalId.")


class NotYours(NotAllowed):
    code = "partners.not_yours"
    message = _("Only tickets that this system has opened can be changed by it.")


class NothingToDo(Invalid):
    code = "partners.nothing_to_do"
    message = _("A ticket can be cancelled, or a note can be added: nothing else can be changed from outside.")


class NotRetryable(Conflict):
    code = "partners.not_retryable"
    message = _("This event has arrived, or it is still on its way.")
