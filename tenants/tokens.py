"""Secrets for programs that ask without a session: made once, shown once, kept as a sum, good in one schema only."""

import secrets as randomness
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Model, Q

from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from tenants.context import current_branch

TOKEN_BYTES = 32
NOTED_EACH = timedelta(seconds=60)
HEADQUARTERS = "hq"


@dataclass(frozen=True)
class Token:
    """A new token as it is shown, and what is kept of it. `kind` is how it begins: `stp` a system, `rpt` reports."""

    kind: str
    shown: str = field(repr=False)

    @property
    def kept(self) -> str:
        return kept_form(self.kind, self.shown)

    @property
    def end(self) -> str:
        return self.shown[-4:]


def new_token(kind: str) -> Token:
    """It says the branch's code, so that a stray one tells whose it is; 256 random bits need no slow hash."""
    return Token(kind, f"{_prefix(kind)}{randomness.token_urlsafe(TOKEN_BYTES)}")


def new_name() -> str:
    """72 random bits, as tickets have."""
    return randomness.token_urlsafe(9)


def kept_form(kind: str, token: str) -> str:
    """The sum under which it is found, salted with the branch; nothing for another kind's or another branch's."""
    if not token.startswith(_prefix(kind)):
        return ""
    return sha256(f"{_salt()}:{token}".encode()).hexdigest()


def note_use(row: Model, last_used_at: datetime | None, now: datetime) -> None:
    """`last_used_at` of the token's row, to the minute, so that a busy program is not a write for each read."""
    before = now - NOTED_EACH
    if last_used_at is None or last_used_at < before:
        old = Q(last_used_at=None) | Q(last_used_at__lt=before)
        type(row)._default_manager.filter(old, pk=row.pk).update(last_used_at=now)


def _prefix(kind: str) -> str:
    return f"{kind}_{_here(lambda: current_branch().code.lower(), HEADQUARTERS)}_"


def _salt() -> str:
    return _here(lambda: str(current_branch().uuid), PUBLIC)


def _here(branch: Callable[[], str], headquarters: str) -> str:
    return headquarters if connection.schema_name == PUBLIC else branch()
