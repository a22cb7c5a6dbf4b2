"""A partner's token and signing key: made once, shown once, kept as a sum and as a sealed text."""

import os

from apps.partners.models import Partner
from apps.partners.rules import signing
from steppe.kernel import secrets
from tenants import tokens
from tenants.context import current_branch
from tenants.tokens import Token, new_name

__all__ = ["Token", "kept_form", "new_name", "new_signing_key", "new_token", "seal", "signing_key_of"]
KIND = "stp"


def new_token() -> Token:
    """As the partner will send it."""
    return tokens.new_token(KIND)


def kept_form(token: str) -> str:
    """The sum under which it is found; nothing for a token that another branch gave out."""
    return tokens.kept_form(KIND, token)


def new_signing_key() -> str:
    """As the partner will enter it."""
    return signing.shown(os.urandom(signing.KEY_BYTES))


def seal(public_id: str, key: str) -> str:
    """As it stands in the partner's row."""
    return secrets.seal(key, place=_place(public_id))


def signing_key_of(partner: Partner) -> str:
    """Open it. ValueError when the row was copied from another branch."""
    return secrets.unseal(partner.signing_key, place=_place(partner.public_id))


def _place(public_id: str) -> str:
    return f"{current_branch().uuid}/partners_partner/{public_id}/signing_key"
