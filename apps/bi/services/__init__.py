"""Every write of this room. Each is one use case, one transaction, one idempotency key."""

from apps.bi.services.readers import give_password, revoke_reader
from apps.bi.services.tokens import make_token, revoke_token

__all__ = ["give_password", "make_token", "revoke_reader", "revoke_token"]
