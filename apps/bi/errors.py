"""Refusals of this room: of its pages, and of the feed."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, DomainError, Invalid, NotFound, TooMany, Unauthenticated


class NoToken(Unauthenticated):
    """One sentence for a token that is missing, unknown, expired, revoked, another branch's, or a leaver's."""

    code = "bi.no_token"
    message = _("This token is not valid here.")


class TooFast(TooMany):
    code = "bi.too_fast"


class BadQuery(DomainError):
    """What the address asks for cannot be answered; `option` names the part, `why` the fault in few words."""

    code = "bi.bad_query"
    status = 400
    message = _("The part %(option)s of this address cannot be understood: %(why)s.")


class NotOffered(DomainError):
    code = "bi.not_offered"
    status = 501
    message = _("This feed does not offer %(option)s.")


class TooSlow(DomainError):
    code = "bi.too_slow"
    status = 503
    message = _("This question takes too long. Ask for fewer rows with $filter.")


class NoSuchSet(NotFound):
    code = "bi.no_such_set"
    message = _("There is no such set of rows.")


class NoSuchRow(NotFound):
    code = "bi.no_such_row"
    message = _("There is no such row.")


class TokenNotFound(NotFound):
    code = "bi.token_not_found"
    message = _("We could not find this token.")


class BadToken(Invalid):
    code = "bi.bad_token"
    message = _("Please check what you entered.")


class TokenNameInUse(Invalid):
    code = "bi.token_name_in_use"
    message = _("You have a token of this name already.")


class TooManyTokens(Conflict):
    code = "bi.too_many_tokens"
    message = _("You have %(most)s tokens. Revoke one that is not used any more.")


class RolesNotMade(Conflict):
    """The product's own role may not make roles: an operator's matter (docs/bi.md)."""

    code = "bi.roles_not_made"
    message = _("This database does not let the platform make readers. Ask who runs it (docs/bi.md).")


class ReachesTooFar(Conflict):
    code = "bi.reaches_too_far"
    message = _("The reader could reach more than the views: %(what)s. It was not made. Ask who runs the database.")


class NoReader(NotFound):
    code = "bi.no_reader"
    message = _("There is no reader of the database yet.")
