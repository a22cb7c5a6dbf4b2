"""Refusals. Each has a stable English code, an HTTP status and one clear sentence in the reader's language.

A room declares its own in `errors.py`:

    class AlreadyTaken(Conflict):
        code = "tickets.already_taken"
        message = _("%(winner)s took this ticket at %(at)s.")

and raises `AlreadyTaken(winner="…", at="…")`. A row of another branch is NotFound, never NotAllowed.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal the user can understand; nothing has changed when it is raised out of a command."""

    code: ClassVar[str] = "kernel.refused"
    status: ClassVar[int] = 400
    message: ClassVar[str | Promise] = _("This cannot be done.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """The message in the active language, with its named values filled in."""
        return str(self.message) % self.params if self.params else str(self.message)


class NotFound(DomainError):
    code = "kernel.not_found"
    status = 404
    message = _("We could not find this.")


class NotAllowed(DomainError):
    code = "kernel.not_allowed"
    status = 403
    message = _("Your role does not allow this. If it is your work, ask the administrator for the role.")


class Unauthenticated(DomainError):
    code = "kernel.sign_in_first"
    status = 401
    message = _("Please sign in first.")


class Conflict(DomainError):
    code = "kernel.conflict"
    status = 409
    message = _("Somebody changed this at the same moment. Look again and retry.")


class Busy(Conflict):
    code = "kernel.busy"
    message = _("The same request is still being worked on. Please wait a moment.")


class Invalid(DomainError):
    """Bad input; `fields` maps a field's name to its sentences."""

    code = "kernel.invalid"
    status = 422
    message = _("Please check what you entered.")

    def __init__(self, fields: Mapping[str, list[str]] | None = None, **params: Any) -> None:
        self.fields = dict(fields or {})
        super().__init__(**params)


class BadFile(Invalid):
    """A file that was brought; `fields["file"]` says what is the matter with it."""

    code = "kernel.bad_file"
    message = _("This file cannot be taken in. Look at what is said beside it.")


class TooMany(DomainError):
    code = "kernel.too_many"
    status = 429
    message = _("Too many tries. Please wait %(seconds)s seconds.")


class KeyMissing(Invalid):
    code = "kernel.idempotency_key_missing"
    status = 400
    message = _("This request carries no idempotency key. Please reload the page.")


class KeyReused(Invalid):
    code = "kernel.idempotency_key_reused"
    message = _("This idempotency key was already used for a different request.")


class OurFault(DomainError):
    """A defect of ours; never raised by a rule."""

    code = "kernel.our_fault"
    status = 500
    message = _("This did not work, and it is our fault.")
