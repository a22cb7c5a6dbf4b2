"""A partner's token and signing key: made once, shown once, kept as a sum and as a sealed text."""

import os
import secrets as randomness
from dataclasses import dataclass, field
from hashlib import sha256

from apps.partners.models import Partner
from apps.partners.rules import signing
from steppe.kernel import secrets
from tenants.context import current_branch

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Token:
    """A new token as it is shown, and what is kept of it."""

    shown: str = field(repr=False)

    @property
    def kept(self) -> str:
        return kept_form(self.shown)

    @property
    def end(self) -> str:
        return self.shown[-4:]


def new_token() -> Token:
    """It begins with the branch's code, so that a stray one tells whose it is; 256 random bits need no slow hash."""
    return Token(f"{_prefix()}{randomness.token_urlsafe(TOKEN_BYTES)}")


def new_name() -> str:
    """72 random bits, as tickets have."""
    return randomness.token_urlsafe(9)


def kept_form(token: str) -> str:
    """The sum under which it is found; nothing for a token that another branch gave out. Salted with the branch."""
    if not token.startswith(_prefix()):
        return ""
    return sha256(f"{current_branch().uuid}:{token}".encode()).hexdigest()


def new_signing_key() -> str:
    """As the partner will enter it."""
    return signing.shown(os.urandom(signing.KEY_BYTES))


def seal(public_id: str, key: str) -> str:
    """As it stands in the partner's row."""
    return secrets.seal(key, place=_place(public_id))


def signing_key_of(partner: Partner) -> str:
    """Open it. ValueError when the row was copied from another branch."""
    return secrets.unseal(partner.signing_key, place=_place(partner.public_id))


def _prefix() -> str:
    return f"stp_{current_branch().code.lower()}_"


def _place(public_id: str) -> str:
    return f"{current_branch().uuid}/partners_partner/{public_id}/signing_key"
